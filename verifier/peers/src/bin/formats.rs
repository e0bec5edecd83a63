//! Which algorithms and attestation formats the verifier knows, as tables in Markdown: each is tried, and none is taken from a list but
//! those of the verifier itself.

use pollster::block_on;
use wx_soter_verifier::attestation::{Attestation, AttestationObject, Format};
use wx_soter_verifier::native::{AwsLc, Native, Ring};
use wx_soter_verifier::policy::{Certified, Compound, DEFAULT_ALGORITHMS, Iframes, UserVerification};
use wx_soter_verifier::registration::{self, Expected};
use wx_soter_verifier::signature::{Algorithm, Signed};
use wx_soter_verifier::{Policy, SignatureVerifier};
use wx_soter_verifier_peers::common::{map, policy};
use wx_soter_verifier_peers::every_signer::{self, Signer};
use wx_soter_webauthn::cbor::Value;
use wx_soter_webauthn::vectors::{self, Vector};

fn main() {
    algorithms();
    println!();
    formats();
}

fn algorithms() {
    println!("| algorithm | COSE | with ring | with aws-lc-rs | unless a policy says otherwise |");
    println!("| --- | ---: | --- | --- | --- |");
    let signers = every_signer::all();
    for algorithm in Algorithm::ALL {
        let signer = signers.iter().find(|signer| signer.algorithm() == *algorithm);
        let signer = signer.unwrap_or_else(|| panic!("nothing signs with {algorithm:?}"));
        println!(
            "| {} | {} | {} | {} | {} |",
            algorithm.name(),
            algorithm.to_cose(),
            yes_or_no(checks(signer, &Ring)),
            yes_or_no(checks(signer, &AwsLc)),
            if DEFAULT_ALGORITHMS.contains(algorithm) { "accepted" } else { "refused" },
        );
    }
}

const fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// Whether it can use the key, finds its signature to hold, and another not.
fn checks(signer: &Signer, verifier: &impl SignatureVerifier) -> bool {
    let signature = (signer.sign)(b"message");
    let holds = |message| block_on(verifier.holds(Signed::new(&signer.key, message, &signature)));
    let can_use = block_on(verifier.can_use(&signer.key));
    assert_eq!(can_use, holds(b"message"), "{:?}", signer.algorithm());
    assert!(!holds(b"another"));
    can_use
}

fn formats() {
    println!(
        "| attestation format | WebAuthn Level 3 | unless a policy says otherwise | what can be proved, with roots |"
    );
    println!("| --- | --- | --- | --- |");
    let samples: Vec<(String, Vector)> = vectors::all().into_iter().flat_map(samples).collect();
    for format in Format::ALL {
        let of_it: Vec<&Vector> = samples
            .iter()
            .filter(|(identifier, _)| identifier == format.identifier())
            .map(|(_, vector)| vector)
            .collect();
        let proved = ["nothing", "self attestation", "certified"]
            .into_iter()
            .filter(|kind| of_it.iter().any(|vector| found(vector, &with_root()) == Some(*kind)));
        let proved: Vec<_> = proved.collect();
        assert!(!proved.is_empty(), "there is no sample of {}", format.identifier());
        let is_accepted = of_it.iter().any(|vector| found(vector, &lenient(policy())).is_some());
        println!(
            "| `{}` | §{} | {} | {} |",
            format.identifier(),
            format.section(),
            if is_accepted { "accepted" } else { "refused" },
            proved.join(", "),
        );
    }
}

/// The specification's vector, and one of the format `compound` with its statement twice.
fn samples(vector: Vector) -> [(String, Vector); 2] {
    let object = AttestationObject::parse(&vector.registration.attestation_object).unwrap();
    let part = map(&[("fmt", Value::Text(object.format)), ("attStmt", object.statement.clone())]);
    let compound = Format::Compound.identifier();
    let both = Value::Array(vec![part.clone(), part]);
    let twice = AttestationObject { format: compound, statement: both, ..object.clone() }.to_bytes();
    let mut second = vector.clone();
    let format = object.format.to_owned();
    second.registration.attestation_object = twice;
    [(format, vector), (compound.to_owned(), second)]
}

/// What it proves, if it holds.
fn found(vector: &Vector, policy: &Policy) -> Option<&'static str> {
    let expected = Expected::new(&vector.registration.challenge);
    let response = vector.attestation_response().into();
    let registration = block_on(registration::verify(&response, &expected, policy, &Native)).ok()?;
    match registration.attestation {
        Attestation::SelfAttestation => Some("self attestation"),
        Attestation::Certified { .. } => Some("certified"),
        _ => Some("nothing"),
    }
}

/// What the vectors need besides: not all are user-verified, and some are in an iframe.
fn lenient(mut policy: Policy) -> Policy {
    policy.user_verification = UserVerification::Optional;
    policy.iframes = Iframes::Within(vec!["https://example.com".into()]);
    policy
}

fn with_root() -> Policy {
    let mut policy = lenient(policy());
    policy.algorithms = Algorithm::ALL.to_vec();
    policy.attestation.compound = Compound::All;
    let roots = vec![vectors::attestation_root_certificate()];
    policy.attestation.certified = Certified::Roots { roots, now: 1_767_225_600 };
    policy
}
