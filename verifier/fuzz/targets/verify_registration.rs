//! A whole registration, of which the attestation object is the input.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pollster::block_on;
use std::sync::LazyLock;
use wx_soter_verifier::attestation::{Attestation, AttestationObject};
use wx_soter_verifier::authenticator_data::AuthenticatorData;
use wx_soter_verifier::cose_key::PublicKey;
use wx_soter_verifier::policy::{Certified, Compound, Policy, UserVerification};
use wx_soter_verifier::registration::{self, RegistrationResponse};
use wx_soter_verifier::signature::Algorithm;
use wx_soter_verifier_fuzz::common::{Credulous, REGISTRATION, policy, register};
use wx_soter_verifier_fuzz::samples::good_registration;

static GOOD: LazyLock<RegistrationResponse> = LazyLock::new(good_registration);

/// Takes proofs only. No EdDSA, whose few weak keys hold for signatures that anybody can make.
static STRICT: LazyLock<Policy> = LazyLock::new(|| {
    let mut policy = policy();
    policy.algorithms = vec![Algorithm::Es256, Algorithm::Rs256];
    policy.attestation.none = false;
    policy.attestation.compound = Compound::Any;
    policy
});

/// Takes much, and looks at chains of certificates.
static LENIENT: LazyLock<Policy> = LazyLock::new(|| {
    let mut policy = policy();
    policy.user_verification = UserVerification::Optional;
    policy.attestation.compound = Compound::All;
    policy.attestation.certified = Certified::Roots { roots: vec![vec![0x30, 0]], now: 1_767_225_600 };
    policy
});

fuzz_target!(|input: &[u8]| {
    let object = AttestationObject::parse(input);
    let data = object.and_then(|object| AuthenticatorData::parse(object.authenticator_data));
    let credential = data.ok().and_then(|data| data.attested_credential_data);
    let id = credential.map_or(GOOD.id.clone(), |credential| credential.credential_id.to_vec());
    let response = RegistrationResponse { id, attestation_object: input.to_vec(), ..GOOD.clone() };

    // What is proved was signed: nobody but the test's authenticator has a key.
    if let Ok(registration) = register(&response, &STRICT) {
        let signed = AttestationObject::parse(&GOOD.attestation_object).unwrap().authenticator_data;
        assert_eq!(AttestationObject::parse(input).unwrap().authenticator_data, signed);
        assert_eq!(registration.attestation, Attestation::SelfAttestation);
    }
    // And with every signature believed: all that follows in the steps, certificates included, is reached.
    for policy in [&*STRICT, &*LENIENT] {
        let believed = block_on(registration::verify(&response, &REGISTRATION, policy, &Credulous));
        if let Ok(registration) = believed {
            assert_eq!(registration.record.id, response.id);
            let key = PublicKey::from_cose(&registration.record.public_key).unwrap();
            assert!(policy.algorithms.contains(&key.algorithm()));
            assert!(policy.attestation.none || registration.attestation != Attestation::None);
            assert!(!matches!(registration.attestation, Attestation::Certified { .. }));
        }
    }
});
