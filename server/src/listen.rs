//! Addresses to listen on.

use std::net::{SocketAddr, ToSocketAddrs};

/// Reads `127.0.0.1:8787`, or a name in its place such as `localhost:8787`. Of several addresses of a name it is the first of
/// IPv4, where there is one: what connects to a name tries all of them.
///
/// # Errors
///
/// It is neither, or the name has no address.
pub fn parse(text: &str) -> Result<SocketAddr, String> {
    let addresses = text.to_socket_addrs().map_err(|error| error.to_string())?;
    let addresses: Vec<_> = addresses.collect();
    let first = addresses.iter().find(|address| address.is_ipv4()).or_else(|| addresses.first());
    first.copied().ok_or_else(|| "has no address".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers() {
        assert_eq!(parse("localhost:8787").map(|address| address.ip().is_loopback()), Ok(true));
        assert_eq!(parse("[::1]:80"), Ok(([0, 0, 0, 0, 0, 0, 0, 1], 80).into()));
        assert!(parse("localhost").is_err() && parse(":80x").is_err());
    }
}
