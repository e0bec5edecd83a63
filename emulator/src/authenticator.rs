//! The authenticator (WebAuthn Level 3, §6): makes ES256 keys, signs with them, and writes all that as a browser hands it out.

use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
use ecdsa::hazmat::{sign_prehashed_rfc6979, verify_prehashed};
use hkdf::Hkdf;
use minicbor::Encoder;
use p256::ecdsa::Signature;
use p256::elliptic_curve::point::AffineCoordinates as _;
use p256::{AffinePoint, NistP256, SecretKey};
use sha2::{Digest as _, Sha256};
use wx_soter::client_data::{self, ClientData};
use wx_soter::device::Answer;
use wx_soter::json::{Json, Members};

/// The model. A server can tell by it that a key is an emulator's.
pub const AAGUID: [u8; 16] = *b"wx-soter:emulate";
/// What every credential id begins with, so that results show it too.
const ID_PREFIX: &[u8; 8] = b"emulator";
/// The COSE number of ES256.
const ES256: i32 = -7;

/// What stands before the coordinates of a P-256 key in a `SubjectPublicKeyInfo` (RFC 5480, §2), uncompressed.
const SPKI: [u8; 27] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

/// The numbers of one device that need not be guessed: the same seed gives the same ones, in the same order.
///
/// HKDF-SHA-256 of the seed, with the number of the draw as information.
#[must_use]
pub fn random(seed: &str, draw: u32) -> [u8; 32] {
    let mut bytes = [0; 32];
    // It fails only for more than 8160 bytes.
    let _ = Hkdf::<Sha256>::new(None, seed.as_bytes()).expand(&draw.to_be_bytes(), &mut bytes);
    bytes
}

/// A key of the authenticator.
#[derive(Clone)]
pub struct Credential {
    /// The credential id.
    pub id: Vec<u8>,
    secret: SecretKey,
    /// How often it has signed.
    pub sign_count: u32,
}

/// The page, as far as the authenticator is told of it.
#[derive(Clone, Copy)]
pub struct Client<'a> {
    /// The page's origin.
    pub origin: &'a str,
    /// The relying party's id.
    pub rp_id: &'a str,
    /// Base64url.
    pub challenge: &'a str,
    /// Writes JSON.
    pub to_json: &'a dyn Fn(&Json) -> String,
}

impl Credential {
    /// Makes a key out of random bytes; `None` for the few of which there is no key.
    #[must_use]
    pub fn new(secret: [u8; 32], id: [u8; 32]) -> Option<Self> {
        let secret = SecretKey::from_slice(&secret).ok()?;
        let id = [ID_PREFIX, id.first_chunk::<16>()?.as_slice()].concat();
        Some(Self { id, secret, sign_count: 0 })
    }

    /// The form in which a device keeps it.
    #[must_use]
    pub fn to_record(&self) -> Json {
        let mut members = Members::default();
        members.add_text("id", &Base64UrlUnpadded::encode_string(&self.id));
        members.add_text("secret", &Base64UrlUnpadded::encode_string(&self.secret.to_bytes()));
        members.add("signCount", Json::Number(self.sign_count));
        Json::Object(members)
    }

    /// The members of that form.
    pub const RECORD: &'static str = "id secret signCount";

    /// From the members of that form; `None` where they are none.
    #[must_use]
    pub fn from_record(id: &str, secret: &str, sign_count: u32) -> Option<Self> {
        let secret = SecretKey::from_slice(&Base64UrlUnpadded::decode_vec(secret).ok()?).ok()?;
        Some(Self { id: Base64UrlUnpadded::decode_vec(id).ok()?, secret, sign_count })
    }

    /// The answer to a request for a new key, and what a page's `onKeyCreated` gets of it: `RegistrationResponseJSON`
    /// (§5.1).
    #[must_use]
    pub fn registered(&self, client: Client<'_>, user_verified: bool) -> (Answer, String) {
        let point = self.secret.public_key();
        let (x, y) = (point.as_affine().x(), point.as_affine().y());
        let mut data = authenticator_data(client.rp_id, flags(user_verified) | ATTESTED, 0);
        data.extend(AAGUID);
        data.extend(u16::try_from(self.id.len()).unwrap_or_default().to_be_bytes());
        data.extend(&self.id);
        data.extend(cose_key(&x, &y));

        let mut answer = answer(client_data::CREATE, client, &self.id, data);
        answer.public_key = Base64UrlUnpadded::encode_string(&[&SPKI, x.as_slice(), &y].concat());
        answer.algorithm = ES256;

        let registration = registration_json(&answer);
        (answer, registration)
    }

    /// Signs. An authenticator that has verified nobody says so in its flags.
    #[must_use]
    pub fn sign(&mut self, client: Client<'_>, user_verified: bool) -> Answer {
        self.sign_count = self.sign_count.saturating_add(1);
        let data = authenticator_data(client.rp_id, flags(user_verified), self.sign_count);
        let mut answer = answer(client_data::GET, client, &self.id, data);
        let secret = self.secret.to_nonzero_scalar();
        let (signature, _) = sign_prehashed_rfc6979::<NistP256, Sha256>(&secret, &signed(&answer), &[]);
        answer.signature = der(&signature);
        answer.signature_base64 = Base64::encode_string(&answer.signature);
        answer
    }
}

/// Whether the signature, two numbers of 32 bytes, is the key's over the answer (§7.2 steps 20 and 21). The key is
/// base64url of a `SubjectPublicKeyInfo` as this authenticator writes it.
#[must_use]
pub fn verify(public_key: &str, answer: &Answer, signature: &[u8]) -> bool {
    let signature = Signature::from_slice(signature).ok();
    let holds = |point: AffinePoint| verify_prehashed(&point.into(), &signed(answer), &signature?).ok();
    point(public_key).and_then(holds).is_some()
}

fn point(public_key: &str) -> Option<AffinePoint> {
    let spki = Base64UrlUnpadded::decode_vec(public_key).ok()?;
    let (x, y) = spki.strip_prefix(&SPKI)?.split_at_checked(32)?;
    AffinePoint::from_coordinates(x.try_into().ok()?, y.try_into().ok()?).into_option()
}

/// The hash of what is signed.
fn signed(answer: &Answer) -> [u8; 32] {
    let client_data = Base64UrlUnpadded::decode_vec(&answer.client_data_json).unwrap_or_default();
    Sha256::new()
        .chain_update(&answer.authenticator_data)
        .chain_update(Sha256::digest(client_data))
        .finalize()
        .into()
}

/// `Ecdsa-Sig-Value`, a sequence of two integers (RFC 3279, §2.2.3).
fn der(signature: &Signature) -> Vec<u8> {
    let (r, s) = signature.split_bytes();
    let integers = [integer(&r), integer(&s)].concat();
    [&[0x30, short(&integers)], integers.as_slice()].concat()
}

/// DER: no zeros in front but for the one that keeps the number positive.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let mut digits = bytes;
    while let [0, rest @ ..] = digits {
        digits = rest;
    }
    let sign: &[u8] = if digits.first().is_some_and(|first| first & 0x80 == 0) { &[] } else { &[0] };
    let digits = [sign, digits].concat();
    [&[0x02, short(&digits)], digits.as_slice()].concat()
}

/// A length that one byte holds, as all of these.
fn short(content: &[u8]) -> u8 {
    u8::try_from(content.len()).unwrap_or_default()
}

const fn flags(user_verified: bool) -> u8 {
    if user_verified { USER_PRESENT | USER_VERIFIED } else { USER_PRESENT }
}

/// `RegistrationResponseJSON` (§5.1). All that is put in is base64url, of which nothing has to be escaped.
fn registration_json(answer: &Answer) -> String {
    let attestation_object =
        Base64UrlUnpadded::encode_string(&attestation_object(&answer.authenticator_data));
    [
        r#"{"id":""#,
        &answer.id,
        r#"","rawId":""#,
        &answer.id,
        r#"","type":"public-key","response":{"clientDataJSON":""#,
        &answer.client_data_json,
        r#"","attestationObject":""#,
        &attestation_object,
        r#"","authenticatorData":""#,
        &answer.authenticator_data_base64url,
        r#"","transports":["internal"],"publicKey":""#,
        &answer.public_key,
        r#"","publicKeyAlgorithm":-7},"authenticatorAttachment":"platform","clientExtensionResults":{}}"#,
    ]
    .concat()
}

/// §6.1.
fn authenticator_data(rp_id: &str, flags: u8, sign_count: u32) -> Vec<u8> {
    [Sha256::digest(rp_id).as_slice(), &[flags], &sign_count.to_be_bytes()].concat()
}

fn answer(kind: &str, client: Client<'_>, id: &[u8], authenticator_data: Vec<u8>) -> Answer {
    let Client { origin, rp_id, challenge, to_json } = client;
    // §5.8.1.1
    let mut json = Members::default();
    json.add_text("type", kind);
    json.add_text("challenge", challenge);
    json.add_text("origin", origin);
    json.add("crossOrigin", Json::Flag(false));
    Answer {
        id: Base64UrlUnpadded::encode_string(id),
        raw_id: id.to_vec(),
        client_data: ClientData { kind: kind.into(), challenge: challenge.into(), origin: origin.into() },
        client_data_json: Base64UrlUnpadded::encode_string(to_json(&Json::Object(json)).as_bytes()),
        authenticator_data_base64url: Base64UrlUnpadded::encode_string(&authenticator_data),
        authenticator_data,
        expected_rp_id_hash: Sha256::digest(rp_id).to_vec(),
        ..Answer::default()
    }
}

/// RFC 9053, §7.1.1: kty 2 (EC2), alg -7 (ES256), crv 1 (P-256), x and y.
fn cose_key(x: &[u8], y: &[u8]) -> Vec<u8> {
    encoded(|encoder| {
        encoder.map(5)?.i8(1)?.i8(2)?.i8(3)?.i8(-7)?.i8(-1)?.i8(1)?.i8(-2)?.bytes(x)?.i8(-3)?.bytes(y)?;
        Ok(())
    })
}

/// §6.5.4, with attestation none (§8.7).
fn attestation_object(authenticator_data: &[u8]) -> Vec<u8> {
    encoded(|encoder| {
        encoder.map(3)?.str("fmt")?.str("none")?.str("attStmt")?.map(0)?;
        encoder.str("authData")?.bytes(authenticator_data)?;
        Ok(())
    })
}

type Written = Result<(), minicbor::encode::Error<core::convert::Infallible>>;

fn encoded(write: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Written) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing into a vector cannot fail.
    let _ = write(&mut Encoder::new(&mut bytes));
    bytes
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Client, Credential, random, verify};
    use proptest::prelude::*;
    use wx_soter::json::Json;
    use wx_soter::key::Key;
    use wx_soter::signature::{Algorithm, es256_der_to_p1363};
    use wx_soter::verification::{Expected, check_assertion, check_registration};

    const ORIGIN: &str = "https://example.org";

    fn to_json(json: &Json) -> String {
        serde_json::to_string(json).unwrap()
    }

    fn client(challenge: &str) -> Client<'_> {
        Client { origin: ORIGIN, rp_id: "example.org", challenge, to_json: &to_json }
    }

    fn credential() -> Credential {
        Credential::new(random("seed", 1), random("seed", 2)).unwrap()
    }

    fn expected(challenge: &str) -> Expected<'_> {
        Expected { challenge, origin: ORIGIN }
    }

    #[test]
    fn what_it_answers_passes_the_check_of_a_browsers_answers() {
        let mut credential = credential();
        let (answer, registration) = credential.registered(client("Y2hhbGxlbmdl"), true);
        assert_eq!(check_registration(&answer, expected("Y2hhbGxlbmdl")), Ok(Algorithm::Es256));
        let registration: serde_json::Value = serde_json::from_str(&registration).unwrap();
        assert_eq!(registration["id"], answer.id);
        let key =
            Key { id: answer.id, public_key: answer.public_key, user_handle: "AQ".into(), ..Key::default() };
        for count in 1..4 {
            let answer = credential.sign(client("YWdhaW4"), true);
            let (signature, sign_count) = check_assertion(&answer, expected("YWdhaW4"), &key).unwrap();
            assert_eq!(sign_count, count);
            assert!(verify(&key.public_key, &answer, &signature));
            assert!(!verify(&key.public_key, &credential.clone().sign(client("YWdhaW4"), true), &signature));
        }
        let (answer, _) = credential.registered(client("AA"), false);
        assert!(check_registration(&answer, expected("AA")).is_err());
        let answer = credential.sign(client("YWdhaW4"), false);
        assert!(check_assertion(&answer, expected("YWdhaW4"), &key).is_err());
    }

    #[test]
    fn the_same_seed_makes_the_same_key_and_signature() {
        let sign = || credential().sign(client("AA"), true);
        assert_eq!(sign(), sign());
        assert_ne!(random("seed", 1), random("seed", 2));
        assert_ne!(random("seed", 1), random("other", 1));
    }

    #[test]
    fn a_kept_key_comes_back() {
        let mut kept = credential();
        let _ = kept.sign(client("AA"), true);
        let record = serde_json::to_value(kept.to_record()).unwrap();
        let text = |name: &str| record[name].as_str().unwrap();
        let mut back = Credential::from_record(text("id"), text("secret"), 1).unwrap();
        assert_eq!(back.sign(client("AA"), true), kept.sign(client("AA"), true));
        assert!(Credential::from_record(text("id"), "AA", 1).is_none());
    }

    proptest! {
        #[test]
        fn every_challenge_is_signed(challenge in "[A-Za-z0-9_-]{1,80}", seed in ".*") {
            let mut credential = Credential::new(random(&seed, 0), random(&seed, 1)).unwrap();
            let (registered, _) = credential.registered(client("AA"), true);
            let answer = credential.sign(client(&challenge), true);
            let signature = es256_der_to_p1363(&answer.signature).unwrap();
            prop_assert!(verify(&registered.public_key, &answer, &signature));
        }

        #[test]
        fn any_key_and_signature_are_taken_or_refused(key in ".*", signature in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(!verify(&key, &credential().sign(client("AA"), true), &signature));
        }
    }
}
