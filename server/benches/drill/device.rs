//! A device with a key of its own id. All have one key pair.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wx_soter_authenticator::{Credential, Request};
use wx_soter_webauthn::json::RegistrationResponseJson;
use wx_soter_webauthn::result_json::ResultJson;
use wx_soter_webauthn::{ClientData, base64, base64url, client_data};

const SECRET: [u8; 32] = [3; 32];

pub struct Device {
    pub openid: String,
    credential: Credential,
    /// The others are as Apple's: nothing but the used challenge stands against a result that is sent again.
    keeps_counter: bool,
}

impl Device {
    pub fn new(number: u64) -> Self {
        let id = Sha256::digest(number.to_be_bytes()).to_vec();
        let credential = Credential::new(SECRET, id).unwrap();
        Self { openid: format!("user-{number}"), credential, keeps_counter: (number / 10).is_multiple_of(2) }
    }

    pub fn cpu_id(&self) -> String {
        base64url::encode(self.credential.id())
    }

    /// The body of `register_key`, with a challenge of the backend's own.
    pub fn registration(&self, challenge: &str) -> Value {
        let client_data = client_data(client_data::CREATE, challenge);
        let response = self.credential.create(&Request::new("localhost", &client_data));
        let registration = RegistrationResponseJson::try_from(response).unwrap();
        json!({ "openid": self.openid, "registration": registration, "challenge": challenge })
    }

    /// The body of `verify_signature`.
    pub fn result(&mut self, challenge: &str) -> Value {
        let client_data = client_data(client_data::GET, challenge);
        let request = Request::new("localhost", &client_data);
        let response = if self.keeps_counter {
            self.credential.get(&request)
        } else {
            self.credential.get_uncounted(&request)
        };
        let result = ResultJson::new(challenge, self.credential.sign_count, b"", &response);
        json!({
            "openid": self.openid, "json_string": serde_json::to_string(&result).unwrap(),
            "json_signature": base64::encode(&response.signature),
        })
    }
}

fn client_data(kind: &str, challenge: &str) -> ClientData {
    ClientData {
        kind: kind.into(),
        challenge: base64url::encode(challenge.as_bytes()),
        origin: "http://localhost:8000".into(),
        ..ClientData::default()
    }
}
