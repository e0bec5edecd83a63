//! What every library is asked: good registrations and assertions, and one broken at each step of WebAuthn Level 3, §7.1
//! and §7.2, where it is the response that breaks and not what its caller looked up.

use crate::common::*;
use crate::signers::{self, Signer};
use crate::vectors;
use pollster::block_on;
use serde_json::{Value, json};
use wx_soter_verifier::assertion::{self, AuthenticationResponse};
use wx_soter_verifier::native::Native;
use wx_soter_verifier::policy::{Iframes, UserVerification};
use wx_soter_verifier::registration::{self, RegistrationResponse};
use wx_soter_verifier::signature::Algorithm;
use wx_soter_verifier::{CredentialRecord, Error, Policy, User};
use wx_soter_webauthn::base64url;

/// One question.
pub struct Case {
    pub name: String,
    pub response: Value,
    pub challenge: Vec<u8>,
    pub requires_user_verification: bool,
    /// COSE numbers that a registration may have.
    pub algorithms: Vec<i64>,
    /// The page around an iframe, where one is expected.
    pub top_origin: Option<&'static str>,
    /// The credential that is said to have signed; in a registration there is none yet.
    pub record: Option<CredentialRecord>,
}

impl Case {
    /// What the verifier says.
    pub fn verdict(&self) -> Result<(), Error> {
        let mut policy = policy();
        if !self.requires_user_verification {
            policy.user_verification = UserVerification::Optional;
        }
        policy.algorithms =
            self.algorithms.iter().filter_map(|number| Algorithm::from_cose(*number)).collect();
        if let Some(top_origin) = self.top_origin {
            policy.iframes = Iframes::Within(vec![top_origin.to_owned()]);
        }
        let text = self.response.to_string();
        match &self.record {
            None => self.register(&text, &policy),
            Some(record) => self.authenticate(&text, record, &policy),
        }
    }

    fn register(&self, text: &str, policy: &Policy) -> Result<(), Error> {
        let response = RegistrationResponse::from_json(text)?;
        let expected = registration::Expected::new(&self.challenge);
        block_on(registration::verify(&response, &expected, policy, &Native)).map(drop)
    }

    fn authenticate(&self, text: &str, record: &CredentialRecord, policy: &Policy) -> Result<(), Error> {
        let response = AuthenticationResponse::from_json(text)?;
        let mut expected = assertion::Expected::new(&self.challenge, User::Identified(None));
        let allowed = [record.id.as_slice()];
        expected.allowed = &allowed;
        block_on(assertion::verify(&response, record, &expected, policy, &Native)).map(drop)
    }

    /// The case for libraries in other languages.
    pub fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "response": self.response,
            "challenge": base64url(&self.challenge),
            "requiresUserVerification": self.requires_user_verification,
            "algorithms": self.algorithms,
            "topOrigin": self.top_origin,
            "record": self.record.as_ref().map(|record| json!({
                "id": base64url(&record.id),
                "publicKey": base64url(&record.public_key),
                "signCount": record.sign_count,
            })),
            "verdict": self.verdict().is_ok(),
            "reason": self.verdict().err().map(Error::code),
        })
    }
}

/// All cases.
pub fn all() -> Vec<Case> {
    let of_algorithms = signers::all().iter().flat_map(of_algorithm).collect();
    [vector_cases(), of_algorithms, registrations(), assertions()].into_iter().flatten().collect()
}

const ALGORITHMS: [i64; 3] = [-7, -257, -8];

/// The specification's vectors, each as it stands and with a bit of its signature changed. They cover RS256 and EdDSA,
/// certificates, and iframes. Not all are user-verified.
fn vector_cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for vector in vectors::all() {
        let of = |name: String, response: &Value, challenge: &[u8], record| Case {
            name,
            response: response.clone(),
            challenge: challenge.to_vec(),
            requires_user_verification: false,
            algorithms: ALGORITHMS.to_vec(),
            top_origin: vector.name.starts_with("none-es256-").then_some(TOP_ORIGIN),
            record,
        };
        let name = &vector.name;
        let good =
            of(format!("{name}, registration"), &vector.registration, &vector.registration_challenge, None);
        let record = recorded(&good);
        cases.push(good);
        if let Some(record) = record {
            let good = of(
                format!("{name}, assertion"),
                &vector.assertion,
                &vector.assertion_challenge,
                Some(record.clone()),
            );
            let mut bad = of(
                format!("{name}, signature"),
                &vector.assertion,
                &vector.assertion_challenge,
                Some(record),
            );
            bad.response["response"]["signature"] =
                json!(with_last_bit_changed(&bad.response["response"]["signature"]));
            cases.extend([good, bad]);
        }
    }
    cases
}

/// What a registration that holds gives to be stored.
pub fn recorded(case: &Case) -> Option<CredentialRecord> {
    let mut policy = in_iframes();
    policy.user_verification = UserVerification::Optional;
    let response = RegistrationResponse::from_json(&case.response.to_string()).ok()?;
    let expected = registration::Expected::new(&case.challenge);
    let registration = block_on(registration::verify(&response, &expected, &policy, &Native));
    registration.ok().map(|registration| registration.record)
}

fn with_last_bit_changed(base64: &Value) -> String {
    let mut bytes = base64url::decode(base64.as_str().unwrap()).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    base64url::encode(&bytes)
}

/// Registrations and assertions with a key of each algorithm, good and with another signature.
fn of_algorithm(signer: &Signer) -> Vec<Case> {
    let name = |what: &str| format!("{}, {what}", signer.name);
    let registration =
        Registering { public_key: signer.cose.clone(), format: "packed", ..Default::default() };
    let registered = |what: &str, algorithm: i64, signature: &[u8]| {
        let response = registration.with_statement(&packed(algorithm, signature, &[]));
        Case { name: name(what), ..registering(what, &response) }
    };
    let signature = (signer.sign)(&registration.signed());
    let other = (signer.sign)(b"something else");
    let unproved = Registering { public_key: signer.cose.clone(), ..Default::default() }.response();
    let asserted = |what: &str, signature: Vec<u8>| {
        let response = AuthenticationResponse { signature, ..Asserting::default().response() };
        let mut case = Case { name: name(what), ..asserting(what, &response) };
        case.record = Some(CredentialRecord { public_key: signer.cose.clone(), ..record() });
        case
    };
    let answer = Asserting::default().response();
    let message = signed_bytes(&answer.authenticator_data, &answer.client_data_json);
    let mut cut_short = (signer.sign)(&message);
    cut_short.pop();
    vec![
        Case { name: name("good"), ..registering("good", &unproved) },
        registered("good, self attestation", signer.algorithm, &signature),
        registered("22, another signature", signer.algorithm, &other),
        asserted("assertion, good", (signer.sign)(&message)),
        asserted("assertion, 21, another signature", other),
        asserted("assertion, 21, signature cut short", cut_short),
    ]
}

fn registration_json(response: &RegistrationResponse) -> Value {
    let id = base64url(&response.id);
    json!({
        "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
        "response": {
            "clientDataJSON": base64url(&response.client_data_json),
            "attestationObject": base64url(&response.attestation_object),
            "transports": response.transports,
        },
    })
}

fn registering(name: &str, response: &RegistrationResponse) -> Case {
    Case {
        name: format!("registration: {name}"),
        response: registration_json(response),
        challenge: CHALLENGE.to_vec(),
        requires_user_verification: true,
        algorithms: ALGORITHMS.to_vec(),
        top_origin: None,
        record: None,
    }
}

fn registrations() -> Vec<Case> {
    let good = Registering::default;
    let case = |name: &str, spoiled: Registering| registering(name, &spoiled.response());
    let changed = |name: &str, change: fn(&mut Value)| {
        let mut case = case(name, good());
        change(&mut case.response);
        case
    };
    let with_client_data = |name: &str, client_data_json: Vec<u8>| {
        registering(name, &RegistrationResponse { client_data_json, ..good().response() })
    };
    let with_object = |name: &str, attestation_object: Vec<u8>| {
        registering(name, &RegistrationResponse { attestation_object, ..good().response() })
    };
    let packed_by = |algorithm, signer: &Registering| {
        let good = Registering { format: "packed", ..good() };
        good.with_statement(&packed(algorithm, &sign(&signer.signed()), &[]))
    };
    let with_trailing_byte = |bytes: &[u8]| [bytes, &[0]].concat();
    let data = good().authenticator_data();

    let mut unverified = case("16, not verified, not required", Registering { flags: 0x41, ..good() });
    unverified.requires_user_verification = false;
    let mut only_rsa = case("20, algorithm not asked for", good());
    only_rsa.algorithms = vec![-257];
    let mut framed = case("10, iframe, expected", Registering { more: CROSS_ORIGIN_WITHIN, ..good() });
    framed.top_origin = Some(TOP_ORIGIN);
    let mut framed_elsewhere =
        case("11.2, iframe, of another page", Registering { more: CROSS_ORIGIN_ELSEWHERE, ..good() });
    framed_elsewhere.top_origin = Some(TOP_ORIGIN);

    vec![
        case("good", good()),
        case("good, eligible for backup", Registering { flags: 0x4d, ..good() }),
        case("good, backed up", Registering { flags: 0x5d, ..good() }),
        case("good, further client data", Registering { more: r#","other":{"a":[1]}"#, ..good() }),
        registering("good, self attestation", &packed_by(-7, &good())),
        changed("3, type", |json| json["type"] = json!("password")),
        changed("3, id is not rawId", |json| json["rawId"] = json!("AA")),
        changed("3, no client data", |json| json["response"]["clientDataJSON"] = json!(null)),
        changed("3, no attestation object", |json| json["response"]["attestationObject"] = json!(null)),
        with_client_data("5, no UTF-8", b"{\"type\":\"\xff\"}".to_vec()),
        case("6, no JSON", Registering { more: "]", ..good() }),
        case("7, type", Registering { kind: "webauthn.get", ..good() }),
        case("8, challenge", Registering { challenge: b"another".to_vec(), ..good() }),
        case("9, origin", Registering { origin: "https://evil.example", ..good() }),
        case("9, scheme", Registering { origin: "http://example.org", ..good() }),
        case("9, port", Registering { origin: "https://example.org:444", ..good() }),
        case("9, subdomain", Registering { origin: "https://a.example.org", ..good() }),
        case("9, longer", Registering { origin: "https://example.org.evil", ..good() }),
        case("10, not in an iframe", Registering { more: r#","crossOrigin":false"#, ..good() }),
        case("10, iframe", Registering { more: r#","crossOrigin":true"#, ..good() }),
        framed,
        case("11.1, top origin", Registering { more: r#","topOrigin":"https://example.com""#, ..good() }),
        framed_elsewhere,
        registering(
            "12, other client data were signed",
            &packed_by(-7, &Registering { more: r#","other":1"#, ..good() }),
        ),
        with_object("13, a byte after the object", with_trailing_byte(&good().response().attestation_object)),
        with_object("13, cut short", attestation_object("none", &EMPTY, &data[..data.len() - 1])),
        with_object(
            "13, a byte after the data",
            attestation_object("none", &EMPTY, &with_trailing_byte(&data)),
        ),
        with_object(
            "13, no credential",
            attestation_object("none", &EMPTY, &authenticator_data("example.org", 5, 0, &[])),
        ),
        case("14, RP id", Registering { rp_id: "example.com", ..good() }),
        case("15, not present", Registering { flags: 0x44, ..good() }),
        case("16, not verified", Registering { flags: 0x41, ..good() }),
        unverified,
        case("17, backed up but not eligible", Registering { flags: 0x55, ..good() }),
        only_rsa,
        case("20, unknown algorithm", Registering { public_key: es256_cose(-999), ..good() }),
        case("20, algorithm of another key", Registering { public_key: es256_cose(-8), ..good() }),
        case("21, unknown format", Registering { format: "unknown", ..good() }),
        case("21, format in capitals", Registering { format: "None", ..good() }),
        registering("22, none with a statement", &good().with_statement(&packed(-7, b"signature", &[]))),
        registering("22, packed without a statement", &Registering { format: "packed", ..good() }.response()),
        registering("22, self attestation, algorithm", &packed_by(-257, &good())),
        registering("22, self attestation, signature", &packed_by(-7, &Registering { rp_id: "x", ..good() })),
        registering(
            "22, no X.509",
            &Registering { format: "packed", ..good() }.with_statement(&packed(-7, b"signature", &[b"0"])),
        ),
        case("25, longest id", Registering { credential_id: vec![1; 1023], ..good() }),
        case("25, longer id", Registering { credential_id: vec![1; 1024], ..good() }),
        registering("27, another id", &RegistrationResponse { id: b"another".to_vec(), ..good().response() }),
        case(
            "28, extension output",
            Registering { flags: 0xc5, extensions: b"\xa1\x61e\xf5".to_vec(), ..good() },
        ),
    ]
}

const CROSS_ORIGIN_WITHIN: &str = r#","crossOrigin":true,"topOrigin":"https://example.com""#;
const CROSS_ORIGIN_ELSEWHERE: &str = r#","crossOrigin":true,"topOrigin":"https://evil.example""#;

fn asserting(name: &str, response: &AuthenticationResponse) -> Case {
    let id = base64url(&response.id);
    let json = json!({
        "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
        "response": {
            "clientDataJSON": base64url(&response.client_data_json),
            "authenticatorData": base64url(&response.authenticator_data),
            "signature": base64url(&response.signature),
            "userHandle": response.user_handle.as_deref().map(base64url),
        },
    });
    Case {
        name: format!("assertion: {name}"),
        response: json,
        challenge: CHALLENGE.to_vec(),
        requires_user_verification: true,
        algorithms: ALGORITHMS.to_vec(),
        top_origin: None,
        record: Some(record()),
    }
}

fn assertions() -> Vec<Case> {
    let good = Asserting::default;
    let case = |name: &str, spoiled: Asserting| asserting(name, &spoiled.response());
    let changed = |name: &str, change: fn(&mut Value)| {
        let mut case = case(name, good());
        change(&mut case.response);
        case
    };
    let on = |name: &str, spoiled: Asserting, change: fn(&mut CredentialRecord)| {
        let mut case = case(name, spoiled);
        case.record.iter_mut().for_each(change);
        case
    };
    let answer = good().response();
    let data = &answer.authenticator_data;
    let with_signature = |name: &str, signature: Vec<u8>| {
        asserting(name, &AuthenticationResponse { signature, ..good().response() })
    };
    let other_client_data = AuthenticationResponse {
        client_data_json: Asserting { more: r#","other":1"#, ..good() }.response().client_data_json,
        ..good().response()
    };
    let mut unverified = case("17, not verified, not required", Asserting { flags: 0x01, ..good() });
    unverified.requires_user_verification = false;
    let mut framed = case("13, iframe, expected", Asserting { more: CROSS_ORIGIN_WITHIN, ..good() });
    framed.top_origin = Some(TOP_ORIGIN);
    let mut framed_elsewhere =
        case("14.2, iframe, of another page", Asserting { more: CROSS_ORIGIN_ELSEWHERE, ..good() });
    framed_elsewhere.top_origin = Some(TOP_ORIGIN);
    let of_credential = |name: &str, id: &[u8]| {
        asserting(name, &AuthenticationResponse { id: id.to_vec(), ..good().response() })
    };

    vec![
        case("good", good()),
        case("good, further client data", Asserting { more: r#","other":{"a":[1]}"#, ..good() }),
        changed("good, no user handle", |json| json["response"]["userHandle"] = json!(null)),
        changed("3, type", |json| json["type"] = json!("password")),
        changed("3, id is not rawId", |json| json["rawId"] = json!("AA")),
        changed("3, no signature", |json| json["response"]["signature"] = json!(null)),
        of_credential("5, another credential", b"another"),
        asserting("8, no UTF-8", &signed(b"{\"type\":\"\xff\"}".to_vec(), data.clone())),
        asserting(
            "8, byte order mark",
            &signed([&b"\xef\xbb\xbf"[..], &answer.client_data_json].concat(), data.clone()),
        ),
        case("9, no JSON", Asserting { more: "]", ..good() }),
        case("9, a member twice", Asserting { more: r#","origin":"https://example.org""#, ..good() }),
        case("10, type", Asserting { kind: "webauthn.create", ..good() }),
        case("11, challenge", Asserting { challenge: b"another".to_vec(), ..good() }),
        case("12, origin", Asserting { origin: "https://evil.example", ..good() }),
        case("12, port", Asserting { origin: "https://example.org:444", ..good() }),
        case("12, subdomain", Asserting { origin: "https://a.example.org", ..good() }),
        case("13, iframe", Asserting { more: r#","crossOrigin":true"#, ..good() }),
        framed,
        case("14.1, top origin", Asserting { more: r#","topOrigin":"https://example.com""#, ..good() }),
        case("14.1, iframe, not expected", Asserting { more: CROSS_ORIGIN_WITHIN, ..good() }),
        framed_elsewhere,
        case("15, RP id", Asserting { rp_id: "example.com", ..good() }),
        case("15, a byte after the data", Asserting { rest: vec![0], ..good() }),
        asserting("15, cut short", &signed(answer.client_data_json.clone(), data[..36].to_vec())),
        case("16, not present", Asserting { flags: 0x04, ..good() }),
        case("17, not verified", Asserting { flags: 0x01, ..good() }),
        unverified,
        on("18, backed up but not eligible", Asserting { flags: 0x15, ..good() }, |_| ()),
        case("19, has become eligible", Asserting { flags: 0x0d, ..good() }),
        on("19, is eligible no more", good(), |record| record.backup_eligible = true),
        on("19, eligible", Asserting { flags: 0x0d, ..good() }, |record| record.backup_eligible = true),
        on("19, now backed up", Asserting { flags: 0x1d, ..good() }, |record| {
            record.backup_eligible = true;
        }),
        asserting("20, other client data were signed", &other_client_data),
        with_signature("21, signature of something else", sign(b"something else")),
        with_signature("21, signature cut short", answer.signature[..answer.signature.len() - 1].to_vec()),
        with_signature("21, no signature", Vec::new()),
        on("21, damaged key", good(), |record| record.public_key.truncate(40)),
        on("21, key off the curve", good(), |record| {
            *record.public_key.last_mut().unwrap() ^= 1;
        }),
        case("22, counter as before", Asserting { sign_count: 4, ..good() }),
        case("22, counter less", Asserting { sign_count: 3, ..good() }),
        case("22, counter gone", Asserting { sign_count: 0, ..good() }),
        on("22, no counter", Asserting { sign_count: 0, ..good() }, |record| record.sign_count = 0),
        case("23, extension output", Asserting { flags: 0x85, rest: b"\xa1\x61e\xf5".to_vec(), ..good() }),
    ]
}
