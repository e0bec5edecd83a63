//! A table of policies.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::*;
use wx_soter_verifier::policy::{Backup, CounterPolicy, Iframes, UserVerification};
use wx_soter_verifier::{CredentialRecord, Error, Policy};

/// What the authenticator and the browser say.
#[derive(Clone, Copy)]
struct Said {
    verified: bool,
    eligible: bool,
    backed_up: bool,
    cross_origin: bool,
    grown: bool,
}

/// Said by the specification, without a look at the code: the first step that refuses, in the order of §7.2.
fn expected(said: Said, policy: &Policy) -> Result<(), Error> {
    let rules = [
        (said.cross_origin && policy.iframes == Iframes::Refuse, Error::CrossOriginNotAllowed),
        (!said.verified && policy.user_verification == UserVerification::Required, Error::UserNotVerified),
        (said.backed_up && !said.eligible, Error::BackupFlagsInconsistent),
        (said.eligible && policy.backup == Backup::RefuseEligible, Error::BackupEligibleNotAllowed),
        (said.backed_up && policy.backup == Backup::RefuseBackedUp, Error::BackedUpNotAllowed),
        (!said.grown && policy.counter == CounterPolicy::Refuse, Error::SignCountNotIncreased),
    ];
    rules.into_iter().find(|(refuses, _)| *refuses).map_or(Ok(()), |(_, error)| Err(error))
}

fn policies() -> Vec<Policy> {
    let mut all = Vec::new();
    for user_verification in [UserVerification::Required, UserVerification::Optional] {
        for backup in [Backup::Allow, Backup::RefuseBackedUp, Backup::RefuseEligible] {
            for counter in [CounterPolicy::Refuse, CounterPolicy::Report] {
                for iframes in [Iframes::Refuse, Iframes::Within(vec![])] {
                    all.push(altered(policy(), |policy| {
                        policy.user_verification = user_verification;
                        policy.backup = backup;
                        policy.counter = counter;
                        policy.iframes = iframes;
                    }));
                }
            }
        }
    }
    all
}

#[test]
fn each_policy_decides_each_case() {
    let mut cases = 0;
    for policy in policies() {
        for bits in 0u8..32 {
            let bit = |at: u8| bits >> at & 1 == 1;
            let said = Said {
                verified: bit(0),
                eligible: bit(1),
                backed_up: bit(2),
                cross_origin: bit(3),
                grown: bit(4),
            };
            let flags = 0x01
                | u8::from(said.verified) << 2
                | u8::from(said.eligible) << 3
                | u8::from(said.backed_up) << 4;
            let more = if said.cross_origin { r#","crossOrigin":true"# } else { "" };
            let sign_count = if said.grown { 5 } else { 4 };
            let response = Asserting { flags, more, sign_count, ..Default::default() }.response();
            let record = CredentialRecord { backup_eligible: said.eligible, ..record() };
            let found = authenticate(&response, &record, &policy).map(|_| ());
            assert_eq!(found, expected(said, &policy), "{bits:05b} {policy:?}");
            cases += 1;
        }
    }
    assert_eq!(cases, 24 * 32);
}
