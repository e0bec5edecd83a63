//! The handlers of WeChat's API, one a file.

pub mod erase_openid;
pub mod existing_key;
pub mod get_challenge;
pub mod list_keys;
pub mod register_key;
pub mod remove_key;
pub mod stable_token;
pub mod token;
pub mod verify_signature;
pub mod wechat_result;
