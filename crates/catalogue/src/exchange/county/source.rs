//! The shapes of a county's files, as their YAML has them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
pub(super) struct Catalogue {
    pub(super) items: Vec<Source>,
}

#[derive(Deserialize)]
#[expect(
    clippy::struct_field_names,
    reason = "fields are called as the file calls them"
)]
pub(super) struct Source {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) name_source: String,
    pub(super) department: String,
    pub(super) type_code: String,
    #[serde(default)]
    pub(super) national_code: Option<String>,
    pub(super) exercise_level: String,
    pub(super) service_object: String,
    pub(super) handling: String,
    pub(super) statutory_limit: SourceLimit,
    pub(super) promised_limit: SourceLimit,
    pub(super) max_visits: u16,
    pub(super) handle_form: String,
    pub(super) online_depth: String,
    pub(super) cross_region_scope: String,
    pub(super) fee: SourceFee,
    pub(super) result: String,
    #[serde(default)]
    pub(super) result_validity: String,
    pub(super) special_procedures: Vec<SourceProcedure>,
    pub(super) materials: Vec<SourceMaterial>,
    pub(super) commitment_available: bool,
    /// To which department what was granted is pushed; made up for the demonstration.
    #[serde(default)]
    pub(super) supervised: Option<SourceSupervised>,
    #[serde(default)]
    pub(super) legal_basis: Option<String>,
    #[serde(default)]
    pub(super) note: String,
}

#[derive(Deserialize)]
pub(super) struct SourceSupervised {
    pub(super) department: String,
    pub(super) acknowledge_days: u16,
    pub(super) check: String,
    pub(super) check_days: u16,
    #[serde(default)]
    pub(super) copy_days: Option<u16>,
}

#[derive(Deserialize)]
pub(super) struct SourceLimit {
    pub(super) value: u16,
    pub(super) unit: String,
    pub(super) source: String,
    #[serde(default)]
    pub(super) extension: Option<String>,
    #[serde(default)]
    pub(super) note: String,
}

#[derive(Deserialize)]
pub(super) struct SourceFee {
    pub(super) charged: bool,
    pub(super) source: String,
    #[serde(default)]
    pub(super) items: Vec<SourceFeeItem>,
    #[serde(default)]
    pub(super) reducible: bool,
    #[serde(default)]
    pub(super) note: String,
}

#[derive(Deserialize)]
pub(super) struct SourceFeeItem {
    pub(super) name: String,
    pub(super) standard: String,
}

#[derive(Deserialize)]
pub(super) struct SourceProcedure {
    pub(super) name: String,
    #[serde(default)]
    pub(super) days: Option<u16>,
    #[serde(default)]
    pub(super) unit: String,
    pub(super) source: String,
}

#[derive(Deserialize)]
pub(super) struct SourceMaterial {
    pub(super) name: String,
    pub(super) source_channel: String,
    pub(super) required: String,
    pub(super) tolerable: bool,
    pub(super) by_commitment: bool,
    pub(super) by_data_sharing: bool,
}

#[derive(Deserialize)]
pub(super) struct SourceForm {
    #[serde(default)]
    pub(super) applicant: String,
    pub(super) fields: Map<String, Value>,
}

#[derive(Deserialize, Default)]
pub(super) struct SourceGuide {
    pub(super) basis: Vec<(String, String)>,
    pub(super) conditions: Vec<String>,
    pub(super) keywords: Vec<String>,
    /// Law and article by which a procedure's time is not counted.
    #[serde(default)]
    pub(super) procedures: BTreeMap<String, String>,
}
