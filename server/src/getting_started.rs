//! How to try a service that runs without configuration.

use std::net::SocketAddr;

/// Prints it. The token is valid until the service ends, and only on this machine.
#[allow(clippy::print_stdout, reason = "it is for the person who started it, not for the log")]
pub fn print(address: SocketAddr, token: &str) {
    println!(
        "soter-server listens on http://{address} and accepts pages of http://localhost:8000.

No access token is configured, so this one is good until the service ends:

    curl 'http://{address}/cgi-bin/soter/get_challenge?access_token={token}' -d '{{\"openid\":\"alice\"}}'

gives a challenge for wx.startSoterAuthentication. Post what onKeyCreated gets as
{{\"openid\",\"registration\"}} to register_key, and each result as
{{\"openid\",\"json_string\":resultJSON,\"json_signature\":resultJSONSignature}} to verify_signature.
All calls: http://{address}/openapi.json, all settings: soter-server --help"
    );
}
