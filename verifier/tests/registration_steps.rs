//! Each step of WebAuthn Level 3, §7.1, broken alone.
#![allow(missing_docs, clippy::indexing_slicing, clippy::unwrap_used, clippy::cast_possible_truncation)]

mod common;

use common::*;
use pollster::block_on;
use wx_soter_verifier::attestation::Attestation;
use wx_soter_verifier::native::Native;
use wx_soter_verifier::policy::{Backup, Certified, Extensions};
use wx_soter_verifier::registration::{self, Expected, RegistrationResponse};
use wx_soter_verifier::signature::Algorithm;
use wx_soter_verifier::{Error, Policy};
use wx_soter_webauthn::{AttestationObject, cbor::Value, vectors};

/// What was spoiled is refused, for that reason, which is of that step.
#[track_caller]
fn refused(spoiled: &Registering, policy: &Policy, error: Error, step: &str) {
    assert_eq!(spoiled.verify(policy).map(|_| ()), Err(error));
    assert_eq!(error.registration_step(), Some(step));
}

#[track_caller]
fn response_refused(response: &RegistrationResponse, error: Error, step: &str) {
    assert_eq!(register(response, &policy()).map(|_| ()), Err(error));
    assert_eq!(error.registration_step(), Some(step));
}

#[test]
fn a_good_registration_is_accepted() {
    let registration = Registering::default().verify(&policy()).unwrap();
    assert_eq!(registration.record.id, CREDENTIAL_ID);
    assert_eq!(registration.record.public_key, es256_cose(-7));
    assert_eq!(registration.record.transports, ["internal"]);
    assert!(registration.user_verified && registration.record.uv_initialized);
    assert!(!registration.record.backup_eligible && !registration.record.backup_state);
    assert_eq!(registration.attestation, Attestation::None);
    assert_eq!(registration.aaguid, AAGUID);
}

fn json() -> String {
    let response = Registering::default().response();
    format!(
        r#"{{"id":"{id}","rawId":"{id}","type":"public-key","authenticatorAttachment":"platform","clientExtensionResults":{{"credProps":{{"rk":false}}}},
            "response":{{"clientDataJSON":"{}","attestationObject":"{}","transports":["internal"],"publicKeyAlgorithm":-7}}}}"#,
        base64url(&response.client_data_json),
        base64url(&response.attestation_object),
        id = base64url(CREDENTIAL_ID),
    )
}

#[test]
fn step_3_the_response() {
    let read = RegistrationResponse::from_json(&json()).unwrap();
    assert_eq!(
        read,
        RegistrationResponse {
            client_extensions: vec!["credProps".into()],
            ..Registering::default().response()
        }
    );
    let id = base64url(CREDENTIAL_ID);
    let with = |from: &str, to: &str| RegistrationResponse::from_json(&json().replace(from, to)).map(|_| ());
    assert_eq!(with("public-key", "password"), Err(Error::CredentialTypeUnknown));
    assert_eq!(
        with(&format!("\"rawId\":\"{id}\""), "\"rawId\":\"AA\""),
        Err(Error::CredentialIdInconsistent)
    );
    assert_eq!(with("attestationObject", "signature"), Err(Error::ResponseMalformed));
    assert_eq!(with("{\"id\"", "{\"type\":\"public-key\",\"id\""), Err(Error::ResponseMalformed));
    assert_eq!(with(&id, &format!("{id}=")), Err(Error::ResponseMalformed));
    assert_eq!(RegistrationResponse::from_json(&" ".repeat(300_000)), Err(Error::ResponseTooLarge));
    assert_eq!(Error::ResponseMalformed.registration_step(), Some("3"));
}

#[test]
fn step_5_utf8() {
    let bad = RegistrationResponse {
        client_data_json: b"{\"type\":\"\xff\"}".to_vec(),
        ..Registering::default().response()
    };
    response_refused(&bad, Error::ClientDataNotUtf8, "5");
    let large = RegistrationResponse { client_data_json: vec![b' '; 20_000], ..bad };
    response_refused(&large, Error::ClientDataTooLarge, "5");
}

#[test]
fn step_6_json() {
    let bad = Registering { more: ",", ..Default::default() };
    refused(&bad, &policy(), Error::ClientDataMalformed, "6");
}

#[test]
fn step_7_type() {
    let bad = Registering { kind: "webauthn.get", ..Default::default() };
    refused(&bad, &policy(), Error::TypeMismatch, "7");
}

#[test]
fn step_8_challenge() {
    let bad = Registering { challenge: b"another".to_vec(), ..Default::default() };
    refused(&bad, &policy(), Error::ChallengeMismatch, "8");
    // An empty challenge was never sent, so it is none that could come back.
    let empty = Registering { challenge: Vec::new(), ..Default::default() }.response();
    let expected = Expected { challenge: b"", ..REGISTRATION };
    let verified = block_on(registration::verify(&empty, &expected, &policy(), &Native));
    assert_eq!(verified.map(|_| ()), Err(Error::ChallengeMismatch));
}

#[test]
fn step_9_origin() {
    for origin in [
        "https://example.org.evil",
        "http://example.org",
        "https://example.org/",
        "https://example.org:444",
        "",
    ] {
        let bad = Registering { origin, ..Default::default() };
        refused(&bad, &policy(), Error::OriginNotAllowed, "9");
    }
}

#[test]
fn step_10_cross_origin() {
    let framed = Registering { more: r#","crossOrigin":true"#, ..Default::default() };
    refused(&framed, &policy(), Error::CrossOriginNotAllowed, "10");
    assert!(framed.verify(&in_iframes()).is_ok());
}

#[test]
fn step_11_top_origin() {
    let framed = Registering { more: r#","topOrigin":"https://example.com""#, ..Default::default() };
    refused(&framed, &policy(), Error::TopOriginNotExpected, "11.1");
    assert!(framed.verify(&in_iframes()).is_ok());
    let elsewhere = Registering { more: r#","topOrigin":"https://evil.example""#, ..Default::default() };
    refused(&elsewhere, &in_iframes(), Error::TopOriginNotAllowed, "11.2");
}

#[test]
fn step_12_the_hash_is_of_the_client_data() {
    let good = Registering { format: "packed", ..Default::default() };
    let other = Registering { more: r#","other":1"#, ..Default::default() };
    let signature = sign(&other.signed());
    let bad = good.with_statement(&packed(-7, &signature, &[]));
    assert_eq!(register(&bad, &policy()).map(|_| ()), Err(Error::AttestationSignatureInvalid));
}

#[test]
fn step_13_cbor() {
    let good = Registering::default();
    let mut trailing = good.response();
    trailing.attestation_object.push(0);
    response_refused(&trailing, Error::AttestationObjectMalformed, "13");
    let mut one_more = good.response();
    one_more.attestation_object[0] += 1;
    one_more.attestation_object.extend(b"\x61e\xf5");
    response_refused(&one_more, Error::AttestationObjectMalformed, "13");
    let mut large = good.response();
    large.attestation_object = vec![0x81; 100_000];
    response_refused(&large, Error::ResponseTooLarge, "3");
    let mut cut = good.response();
    let data = good.authenticator_data();
    cut.attestation_object = attestation_object("none", &EMPTY, &data[..data.len() - 1]);
    response_refused(&cut, Error::AuthenticatorDataMalformed, "13");
    let mut no_credential = good.response();
    no_credential.attestation_object =
        attestation_object("none", &EMPTY, &authenticator_data("example.org", 5, 0, &[]));
    response_refused(&no_credential, Error::AttestedCredentialDataMissing, "13");
}

#[test]
fn step_14_rp_id() {
    let bad = Registering { rp_id: "example.com", ..Default::default() };
    refused(&bad, &policy(), Error::RpIdMismatch, "14");
}

#[test]
fn step_15_user_present() {
    let bad = Registering { flags: 0x44, ..Default::default() };
    refused(&bad, &policy(), Error::UserNotPresent, "15");
    let expected = Expected { is_conditional: true, ..REGISTRATION };
    assert!(block_on(registration::verify(&bad.response(), &expected, &policy(), &Native)).is_ok());
}

#[test]
fn step_16_user_verified() {
    let bad = Registering { flags: 0x41, ..Default::default() };
    refused(&bad, &policy(), Error::UserNotVerified, "16");
}

#[test]
fn step_17_backup_flags() {
    let bad = Registering { flags: 0x55, ..Default::default() };
    refused(&bad, &policy(), Error::BackupFlagsInconsistent, "17");
}

#[test]
fn step_18_backup_eligibility() {
    let eligible = Registering { flags: 0x4d, ..Default::default() };
    assert!(eligible.verify(&policy()).unwrap().record.backup_eligible);
    let policy = Policy { backup: Backup::RefuseEligible, ..policy() };
    refused(&eligible, &policy, Error::BackupEligibleNotAllowed, "18");
}

#[test]
fn step_19_backup_state() {
    let backed_up = Registering { flags: 0x5d, ..Default::default() };
    assert!(backed_up.verify(&policy()).unwrap().record.backup_state);
    let policy = Policy { backup: Backup::RefuseBackedUp, ..policy() };
    refused(&backed_up, &policy, Error::BackedUpNotAllowed, "19");
}

#[test]
fn step_20_algorithm() {
    let policy_rsa = Policy { algorithms: vec![Algorithm::Rs256], ..policy() };
    refused(&Registering::default(), &policy_rsa, Error::AlgorithmNotAllowed, "20");
    let unknown = Registering { public_key: es256_cose(-999), ..Default::default() };
    refused(&unknown, &policy(), Error::AlgorithmUnsupported, "20");
    let of_another_type = Registering { public_key: es256_cose(-8), ..Default::default() };
    refused(&of_another_type, &policy(), Error::PublicKeyMalformed, "20");
}

#[test]
fn step_21_format() {
    for format in ["android-safetynet", "None", "packed ", ""] {
        let bad = Registering { format, ..Default::default() };
        refused(&bad, &policy(), Error::AttestationFormatUnsupported, "21");
    }
}

#[test]
fn step_22_none() {
    let bad = Registering::default().with_statement(&packed(-7, b"signature", &[]));
    response_refused(&bad, Error::AttestationStatementMalformed, "22");
}

#[test]
fn step_22_packed_self() {
    let good = Registering { format: "packed", ..Default::default() };
    let signature = sign(&good.signed());
    let registration = register(&good.with_statement(&packed(-7, &signature, &[])), &policy()).unwrap();
    assert_eq!(registration.attestation, Attestation::SelfAttestation);

    response_refused(
        &good.with_statement(&packed(-257, &signature, &[])),
        Error::AttestationAlgorithmMismatch,
        "22",
    );
    response_refused(&good.with_statement(&packed(-7, b"", &[])), Error::AttestationSignatureInvalid, "22");
    response_refused(&good.response(), Error::AttestationStatementMalformed, "22");
    let long = vec![0; 2000];
    response_refused(
        &good.with_statement(&packed(-7, &long, &[])),
        Error::AttestationStatementMalformed,
        "22",
    );
    let (algorithm, signature) = (Value::Integer(-7), Value::Bytes(&signature));
    let more =
        map(&[("alg", algorithm.clone()), ("sig", signature.clone()), ("ecdaaKeyId", Value::Bytes(b"x"))]);
    response_refused(&good.with_statement(&more), Error::AttestationStatementMalformed, "22");
    let no_certificate = map(&[("alg", algorithm), ("sig", signature), ("x5c", x5c(&[]))]);
    response_refused(&good.with_statement(&no_certificate), Error::AttestationStatementMalformed, "22");
}

/// The attestation certificate of the specification's vector packed-es256.
fn certificate() -> Vec<u8> {
    let object = vectors::named("packed-es256").unwrap().registration.attestation_object;
    let statement = AttestationObject::parse(&object).unwrap().statement;
    let certificates = statement.get("x5c").unwrap().as_array().unwrap();
    certificates[0].as_bytes().unwrap().to_vec()
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

/// The certificate with an AAGUID in the place of the key identifier. Its signature, which is then wrong, only counts
/// where a root is wanted.
fn certificate_for(aaguid: [u8; 16]) -> Vec<u8> {
    const KEY_IDENTIFIER: &[u8] = &[0x30, 0x1d, 0x06, 0x03, 0x55, 0x1d, 0x0e];
    const HEADER: &[u8] = &[
        0x30, 0x21, 0x06, 0x0b, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0xe5, 0x1c, 0x01, 0x01, 0x04, 0x04, 0x12,
        0x04, 0x10,
    ];
    let old = certificate();
    let at = old.windows(KEY_IDENTIFIER.len()).position(|window| window == KEY_IDENTIFIER).unwrap();
    let mut new = [&old[..at], HEADER, &aaguid, &old[at + 31..]].concat();
    // Four bytes more: in the certificate, in what is signed of it, and in its extensions.
    for at in [2, 6] {
        let length = u16::from_be_bytes([new[at], new[at + 1]]) + 4;
        new[at..at + 2].copy_from_slice(&length.to_be_bytes());
    }
    replaced(&new, &[0xa3, 0x60, 0x30, 0x5e], &[0xa3, 0x64, 0x30, 0x62])
}

fn certified(certificate: &[u8]) -> Result<Attestation, Error> {
    let response = Registering { format: "packed", ..Default::default() }.with_statement(&packed(
        -7,
        b"",
        &[certificate],
    ));
    let verified = block_on(registration::verify(&response, &REGISTRATION, &policy(), &Credulous));
    verified.map(|registration| registration.attestation)
}

#[test]
fn step_21_a_compound_statement_is_a_matter_of_policy() {
    use wx_soter_verifier::policy::UnknownFormat;
    let compound = Registering { format: "compound", ..Default::default() };
    let response = compound.with_statement(&Value::Array(vec![EMPTY, EMPTY]));
    response_refused(&response, Error::AttestationFormatUnsupported, "21");
    let mut lenient = policy();
    lenient.attestation.unknown_format = UnknownFormat::AsNone;
    assert_eq!(register(&response, &lenient).unwrap().attestation, Attestation::None);
    // A statement of another format is a map.
    for format in ["none", "packed", "tpm", "fido-u2f", "apple", "android-key"] {
        let other = Registering { format, ..Default::default() };
        let response = other.with_statement(&Value::Array(vec![]));
        response_refused(&response, Error::AttestationStatementMalformed, "22");
    }
}

#[test]
fn step_22_packed_with_certificates() {
    let good = Registering { format: "packed", ..Default::default() };
    let certificate = certificate();
    assert!(matches!(certified(&certificate), Ok(Attestation::Uncertain { .. })));
    // The credential's own signature is not the certificate's.
    let signature = sign(&good.signed());
    response_refused(
        &good.with_statement(&packed(-7, &signature, &[&certificate])),
        Error::AttestationSignatureInvalid,
        "22",
    );
    response_refused(
        &good.with_statement(&packed(-257, b"", &[&certificate])),
        Error::AttestationAlgorithmMismatch,
        "22",
    );
    response_refused(
        &good.with_statement(&packed(-7, b"", &[b"0"])),
        Error::AttestationCertificateMalformed,
        "22",
    );
    let trailing = [&certificate[..], &[0]].concat();
    response_refused(
        &good.with_statement(&packed(-7, b"", &[&trailing])),
        Error::AttestationCertificateMalformed,
        "22",
    );
}

#[test]
fn step_22_the_certificates_requirements() {
    let certificate = certificate();
    // One letter of OU; each attribute's type made another (2.5.4.x to 2.5.4.42); basic constraints made another extension.
    let subject = certificate.windows(6).rposition(|window| window == b"Authen").unwrap();
    let (issuer, rest) = certificate.split_at(subject - 80);
    let in_subject = |from: &[u8], to: &[u8]| [issuer, &replaced(rest, from, to)].concat();
    let bad = [
        in_subject(b"Authenticator Attestation", b"authenticator Attestation"),
        in_subject(&[0x55, 4, 6], &[0x55, 4, 42]),
        in_subject(&[0x55, 4, 10], &[0x55, 4, 42]),
        in_subject(&[0x55, 4, 11], &[0x55, 4, 42]),
        in_subject(&[0x55, 4, 3], &[0x55, 4, 42]),
        replaced(&certificate, &[0x55, 0x1d, 0x13], &[0x55, 0x1d, 0x63]),
        // Version 2.
        replaced(&certificate, &[0xa0, 3, 2, 1, 2], &[0xa0, 3, 2, 1, 1]),
    ];
    for bad in bad {
        assert_eq!(certified(&bad), Err(Error::AttestationCertificateUnsuitable));
    }
    // The root is a certificate authority's.
    let root = vectors::attestation_root_certificate();
    assert_eq!(certified(&root), Err(Error::AttestationCertificateUnsuitable));
}

#[test]
fn step_22_any_type_of_string_will_do() {
    use common::certificate::*;
    let bmp = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
    let with = |country: (u8, &[u8]), organization: (u8, &[u8]), unit: (u8, &[u8]), common: (u8, &[u8])| {
        let subject = name(&[
            (COUNTRY, country.0, country.1),
            (ORGANIZATION, organization.0, organization.1),
            (UNIT, unit.0, unit.1),
            (COMMON_NAME, common.0, common.1),
        ]);
        certified(&Template { subject, ..Template::packed(&credential().public_key()) }.issued())
    };
    let unit = b"Authenticator Attestation";
    for tag in [UTF8, PRINTABLE, TELETEX, IA5] {
        let all = with((tag, b"CN"), (tag, b"T & T"), (tag, unit), (tag, b"T_1"));
        assert!(matches!(all, Ok(Attestation::Uncertain { .. })), "{tag}");
    }
    let (country, text, bmp_unit) = (bmp("CN"), bmp("T"), bmp("Authenticator Attestation"));
    let all = with((BMP, &country), (BMP, &text), (BMP, &bmp_unit), (BMP, &text));
    assert!(matches!(all, Ok(Attestation::Uncertain { .. })));
    let latin1 = with((PRINTABLE, b"FR"), (TELETEX, b"Soci\xe9t\xe9"), (UTF8, unit), (UTF8, b"T"));
    assert!(matches!(latin1, Ok(Attestation::Uncertain { .. })));
    let unsuitable = Err(Error::AttestationCertificateUnsuitable);
    let good = (UTF8, &b"T"[..]);
    for no_text in
        [(OCTET_STRING, &b"T"[..]), (INTEGER, b"\x01"), (UTF8, b"\xff"), (BMP, b"\0T\0"), (BMP, b"\xd8\0")]
    {
        assert_eq!(with(no_text, good, (UTF8, unit), good), unsuitable);
        assert_eq!(with(good, no_text, (UTF8, unit), good), unsuitable);
        assert_eq!(with(good, good, no_text, good), unsuitable);
        assert_eq!(with(good, good, (UTF8, unit), no_text), unsuitable);
    }
}

#[test]
fn step_22_the_certificates_aaguid() {
    assert!(matches!(certified(&certificate_for(AAGUID)), Ok(Attestation::Uncertain { .. })));
    assert_eq!(certified(&certificate_for([8; 16])), Err(Error::AttestationAaguidMismatch));
    assert_eq!(Error::AttestationAaguidMismatch.registration_step(), Some("22"));
}

#[test]
fn steps_23_and_24_trust() {
    let mut strict = policy();
    strict.attestation.none = false;
    refused(&Registering::default(), &strict, Error::AttestationMissing, "24");

    let good = Registering { format: "packed", ..Default::default() };
    let signature = sign(&good.signed());
    let mut strict = policy();
    strict.attestation.self_attestation = false;
    let self_signed = good.with_statement(&packed(-7, &signature, &[]));
    assert_eq!(register(&self_signed, &strict).map(|_| ()), Err(Error::SelfAttestationNotAllowed));

    let certificate = certificate();
    let response = good.with_statement(&packed(-7, b"", &[&certificate]));
    let with = |certified| {
        let mut policy = policy();
        policy.attestation.certified = certified;
        block_on(registration::verify(&response, &REGISTRATION, &policy, &Credulous)).map(|_| ())
    };
    assert_eq!(with(Certified::Refuse), Err(Error::CertifiedAttestationNotAllowed));
    assert_eq!(with(Certified::Roots { roots: vec![], now: 0 }), Err(Error::AttestationUntrusted));
    assert_eq!(Error::AttestationUntrusted.registration_step(), Some("24"));
}

#[test]
fn step_25_no_id() {
    refused(
        &Registering { credential_id: vec![], ..Default::default() },
        &policy(),
        Error::CredentialIdEmpty,
        "25",
    );
    let shortest = Registering { credential_id: vec![1], ..Default::default() };
    assert!(shortest.verify(&policy()).is_ok());
}

#[test]
fn step_25_long_id() {
    let longest = Registering { credential_id: vec![1; 1023], ..Default::default() };
    assert!(longest.verify(&policy()).is_ok());
    let bad = Registering { credential_id: vec![1; 1024], ..Default::default() };
    refused(&bad, &policy(), Error::CredentialIdTooLong, "25");
}

#[test]
fn step_26_known_id() {
    let expected = Expected { is_registered: true, ..REGISTRATION };
    let verified =
        block_on(registration::verify(&Registering::default().response(), &expected, &policy(), &Native));
    assert_eq!(verified.map(|_| ()), Err(Error::CredentialRegistered));
    assert_eq!(Error::CredentialRegistered.registration_step(), Some("26"));
}

#[test]
fn step_27_the_records_id_is_the_attested_one() {
    let bad = RegistrationResponse { id: b"another".to_vec(), ..Registering::default().response() };
    response_refused(&bad, Error::CredentialIdMismatch, "27");
}

/// What is stored of the transports that a page says.
fn stored(transports: &[&str]) -> Vec<String> {
    let transports = transports.iter().map(|&name| name.to_owned()).collect();
    let response = RegistrationResponse { transports, ..Registering::default().response() };
    register(&response, &policy()).unwrap().record.transports
}

#[test]
fn step_27_transports_are_stored_as_they_came() {
    let known = ["ble", "hybrid", "internal", "nfc", "smart-card", "usb"];
    assert_eq!(stored(&known), known);
    assert_eq!(stored(&["usb", "carrier-pigeon-2", "ble"]), ["usb", "carrier-pigeon-2", "ble"]);
    let longest = "a".repeat(32);
    assert_eq!(stored(&[&longest]), [longest.as_str()]);
    assert!(stored(&[]).is_empty());
}

#[test]
fn step_27_what_is_no_transport_is_not_stored() {
    let too_long = "a".repeat(33);
    let large = "usb".repeat(70_000);
    for bad in ["", "usb\0", "usb,ble", "usb ", "USB", "Usb", "smart_card", "\u{fc}sb", &too_long, &large] {
        assert_eq!(stored(&[bad, "usb"]), ["usb"], "{bad:.40?}");
    }
    assert_eq!(stored(&["usb", "ble", "usb"]), ["usb", "ble"]);
    let many: Vec<_> = (0..100).map(|number| format!("t{}", number / 2)).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    assert_eq!(stored(&many), ["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7"]);
}

#[test]
fn step_28_extensions() {
    let extended = Registering { flags: 0xc5, extensions: b"\xa1\x61e\xf5".to_vec(), ..Default::default() };
    assert_eq!(extended.verify(&policy()).unwrap().extensions, ["e"]);
    let only = |names: &[&str]| {
        let names = names.iter().map(|&name| name.to_owned()).collect();
        Policy { extensions: Extensions::Only(names), ..policy() }
    };
    refused(&extended, &only(&["f"]), Error::ExtensionNotAllowed, "28");
    assert!(extended.verify(&only(&["e"])).is_ok());
    let of_client = RegistrationResponse { client_extensions: vec!["c".into()], ..extended.response() };
    assert_eq!(register(&of_client, &only(&["e"])).map(|_| ()), Err(Error::ExtensionNotAllowed));
    assert!(register(&of_client, &only(&["e", "c"])).is_ok());
}
