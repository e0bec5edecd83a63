//! The steps that look at authenticator data (§6.1).

use crate::error::Error;
use crate::policy::{Backup, Extensions, Policy, UserVerification};
use sha2::{Digest, Sha256};

pub use wx_soter_webauthn::authenticator_data::{AttestedCredentialData, AuthenticatorData, MAX_SIZE};
pub use wx_soter_webauthn::flags::Flags;

/// The steps on the RP id and on the flags, in their order. `is_conditional`: a registration with conditional mediation,
/// which needs no person.
pub(crate) fn check(
    data: &AuthenticatorData<'_>,
    policy: &Policy,
    is_conditional: bool,
) -> Result<(), Error> {
    check_rp_id(data, &policy.rp_id)?;
    check_user_present(data.flags, is_conditional)?;
    check_user_verified(data.flags, policy.user_verification)?;
    check_backup_flags(data.flags)
}

/// §7.1 step 14, §7.2 step 15. The `appid` extension is not supported.
fn check_rp_id(data: &AuthenticatorData<'_>, rp_id: &str) -> Result<(), Error> {
    let expected: [u8; 32] = Sha256::digest(rp_id.as_bytes()).into();
    (*data.rp_id_hash == expected).then_some(()).ok_or(Error::RpIdMismatch)
}

/// §7.1 step 15, §7.2 step 16.
fn check_user_present(flags: Flags, is_conditional: bool) -> Result<(), Error> {
    (is_conditional || flags.user_present()).then_some(()).ok_or(Error::UserNotPresent)
}

/// §7.1 step 16, §7.2 step 17.
fn check_user_verified(flags: Flags, required: UserVerification) -> Result<(), Error> {
    let is_enough = required == UserVerification::Optional || flags.user_verified();
    is_enough.then_some(()).ok_or(Error::UserNotVerified)
}

/// §7.1 step 17, §7.2 step 18.
fn check_backup_flags(flags: Flags) -> Result<(), Error> {
    let is_consistent = flags.backup_eligible() || !flags.backup_state();
    is_consistent.then_some(()).ok_or(Error::BackupFlagsInconsistent)
}

/// §7.1 steps 18 and 19, §7.2 step 19.3.
pub(crate) fn check_backup_policy(flags: Flags, backup: Backup) -> Result<(), Error> {
    match backup {
        Backup::RefuseEligible if flags.backup_eligible() => Err(Error::BackupEligibleNotAllowed),
        Backup::RefuseBackedUp if flags.backup_state() => Err(Error::BackedUpNotAllowed),
        _ => Ok(()),
    }
}

/// §7.1 step 28, §7.2 step 23: the outputs of the authenticator and of the client.
pub(crate) fn check_extensions(
    data: &AuthenticatorData<'_>,
    client_extensions: &[String],
    policy: &Extensions,
) -> Result<(), Error> {
    let Extensions::Only(allowed) = policy else {
        return Ok(());
    };
    let of_authenticator = data.extension_identifiers();
    let mut all = of_authenticator.into_iter().chain(client_extensions.iter().map(String::as_str));
    let is_allowed = all.all(|extension| allowed.iter().any(|name| name == extension));
    is_allowed.then_some(()).ok_or(Error::ExtensionNotAllowed)
}

/// The identifiers of the authenticator's extension outputs, to hand on.
pub(crate) fn extension_identifiers(data: &AuthenticatorData<'_>) -> Vec<String> {
    data.extension_identifiers().into_iter().map(str::to_owned).collect()
}

/// The bytes that are signed: authenticator data, then SHA-256 of the client data. §7.1 step 12 and 22, §7.2 steps 20
/// and 21.
pub(crate) fn signed_bytes(authenticator_data: &[u8], client_data_json: &[u8]) -> Vec<u8> {
    [authenticator_data, Sha256::digest(client_data_json).as_slice()].concat()
}
