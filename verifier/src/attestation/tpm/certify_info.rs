//! `certInfo`, a `TPMS_ATTEST` ("TPM 2.0 Library, Part 2: Structures", §10.12.8): what the TPM signed.

use super::reader::Reader;

/// As far as §8.3 looks at it.
pub(super) struct CertifyInfo<'a> {
    /// `extraData`
    pub(super) extra_data: &'a [u8],
    /// `name` in `attested`, a `TPMS_CERTIFY_INFO`.
    pub(super) name: &'a [u8],
}

impl<'a> CertifyInfo<'a> {
    /// §8.3: `magic` is `TPM_GENERATED_VALUE`, and `type` is `TPM_ST_ATTEST_CERTIFY`. What else a TPM signs is of another type, and what it
    /// signs for others never begins so.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        const GENERATED: u32 = 0xff54_4347;
        const CERTIFY: u16 = 0x8017;
        let mut reader = Reader(bytes);
        if reader.u32()? != GENERATED || reader.u16()? != CERTIFY {
            return None;
        }
        let _qualified_signer = reader.sized()?;
        let extra_data = reader.sized()?;
        let _clock_info: [u8; 17] = reader.array()?;
        let _firmware_version: [u8; 8] = reader.array()?;
        let name = reader.sized()?;
        let _qualified_name = reader.sized()?;
        reader.is_at_end().then_some(Self { extra_data, name })
    }
}
