// What brings no types of its own.
declare module 'selenium-webdriver';
declare module 'selenium-webdriver/*';
