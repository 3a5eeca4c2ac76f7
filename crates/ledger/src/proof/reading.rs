//! Reads a proof as the house hands it out: alone (the administrators' page and API), beside the number of its matter
//! (the download of a receipt's page), or taken apart (the API of a case). Whoever checks one gives the file as it is.

use serde_json::Value;

use super::checkpoint::InclusionProof;

/// How long such a file may be; a proof has a dozen hashes.
pub const PROOF_BYTES_MAX: usize = 64 * 1024;

impl InclusionProof {
    /// The proof in a text; `None` when there is none in it. `region` is taken where the text does not say whose ledger
    /// it is about. Which key the text recommends is not read: whoever forges a proof also encloses a key.
    pub fn read(text: &str, region: Option<&str>) -> Option<Self> {
        if text.len() > PROOF_BYTES_MAX {
            return None;
        }
        let mut value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
        let seq = value.get("seq").cloned();
        let inner = ["proof", "inclusion"]
            .into_iter()
            .find_map(|name| value.get(name).filter(|found| found.is_object()).cloned());
        if let Some(inner) = inner {
            value = inner;
        }
        let fields = value.as_object_mut()?;
        if let Some(seq) = seq {
            fields.entry("seq").or_insert(seq);
        }
        if let (Some(checkpoint), Some(region)) =
            (fields.get_mut("checkpoint")?.as_object_mut(), region)
        {
            checkpoint.entry("region").or_insert_with(|| region.into());
        }
        serde_json::from_value(value).ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn checkpoint() -> Value {
        json!({ "region": "610924", "number": 1, "first_seq": 1, "last_seq": 4, "root": "00", "head_hash": "00", "signed_at_us": 1, "signature": "00" })
    }

    #[test]
    fn every_shape_that_is_handed_out_reads_as_the_same_proof() {
        let alone = json!({ "seq": 2, "hash": "ab", "path": ["cd"], "checkpoint": checkpoint() });
        let downloaded = json!({ "number": "610924-MZJU-20261120-00001-3", "proof": alone, "public_key_pem": "…" });
        let mut apart = json!({ "version": 1, "seq": 2, "public_key": "…", "inclusion": { "hash": "ab", "path": ["cd"], "checkpoint": checkpoint() } });
        let expected: InclusionProof = serde_json::from_value(alone.clone()).unwrap();
        for shape in [&alone, &downloaded, &apart] {
            let read = InclusionProof::read(&shape.to_string(), None);
            assert_eq!(read.as_ref(), Some(&expected), "{shape}");
        }
        apart["inclusion"]["checkpoint"]
            .as_object_mut()
            .unwrap()
            .remove("region");
        assert_eq!(InclusionProof::read(&apart.to_string(), None), None);
        let read = InclusionProof::read(&apart.to_string(), Some("610924"));
        assert_eq!(read, Some(expected));
    }

    #[test]
    fn what_is_no_proof_is_none() {
        let not_covered_yet = json!({ "version": 1, "seq": 2, "inclusion": null }).to_string();
        let too_long = " ".repeat(PROOF_BYTES_MAX + 1);
        for text in [
            "",
            "{}",
            "[]",
            "1",
            "{\"proof\": 1}",
            &not_covered_yet,
            &too_long,
        ] {
            assert_eq!(
                InclusionProof::read(text, Some("610924")),
                None,
                "{text:.40}"
            );
        }
    }
}
