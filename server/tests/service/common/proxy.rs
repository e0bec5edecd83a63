//! A TCP proxy before PostgreSQL: a database that is some milliseconds away, or whose answer to a statement does not
//! come until the test lets it.

use super::{Database, until};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub struct Proxy {
    /// The database by way of the proxy.
    pub database: Database,
    holds: watch::Sender<Option<&'static str>>,
    held: Arc<AtomicUsize>,
}

impl Proxy {
    /// Each answer of the database takes so much longer.
    pub async fn start(database: &Database, delay: Duration) -> Self {
        let mut url = url::Url::parse(&database.url).unwrap();
        let upstream = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(address.port())).unwrap();
        let (holds, held) = (watch::Sender::new(None), Arc::<AtomicUsize>::default());
        let (subscribe, count) = (holds.clone(), held.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&upstream).await else {
                    return;
                };
                client.set_nodelay(true).unwrap();
                server.set_nodelay(true).unwrap();
                let ((from_client, to_client), (from_server, to_server)) =
                    (client.into_split(), server.into_split());
                let (is_held, holds) = (Arc::<Mutex<Option<&'static str>>>::default(), subscribe.subscribe());
                let questions =
                    questions(from_client, to_server, is_held.clone(), holds.clone(), count.clone());
                tokio::spawn(questions);
                tokio::spawn(answers(from_server, to_client, is_held, holds, delay));
            }
        });
        Self { database: Database::at(url.into()), holds, held }
    }

    /// From now on the answer to a statement with that text, and all that comes after it on that connection, is held back, until
    /// another statement is to be.
    pub fn hold(&self, statement: &'static str) {
        self.held.store(0, Ordering::SeqCst);
        self.holds.send_replace(Some(statement));
    }

    /// Waits until a statement has come through whose answer is held back.
    pub async fn holds_one(&self) {
        until("a statement", async || self.held.load(Ordering::SeqCst) > 0).await;
    }

    /// Lets everything through.
    pub fn let_go(&self) {
        self.holds.send_replace(None);
    }
}

async fn questions(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    is_held: Arc<Mutex<Option<&'static str>>>,
    holds: watch::Receiver<Option<&'static str>>,
    count: Arc<AtomicUsize>,
) {
    let mut buffer = [0; 65536];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let held = *holds.borrow();
        let is_in = |text: &str| buffer[..length].windows(text.len()).any(|part| part == text.as_bytes());
        if held.is_some_and(is_in) {
            *is_held.lock().unwrap() = held;
            count.fetch_add(1, Ordering::SeqCst);
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

async fn answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    is_held: Arc<Mutex<Option<&'static str>>>,
    mut holds: watch::Receiver<Option<&'static str>>,
    delay: Duration,
) {
    let mut buffer = [0; 65536];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        let held = is_held.lock().unwrap().take();
        if held.is_some() {
            let _ = holds.wait_for(|holds| *holds != held).await;
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
