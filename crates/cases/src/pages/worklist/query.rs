//! The worklist's filters as they stand in its address.

use axum::{extract::Query, http::Uri};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use wuchuang_kernel::{CaseId, PersonId};
use wuchuang_webkit::Caller;

use crate::{
    rooms::{CaseRooms, taker},
    store::{LightFilter, MarkFilter, WorklistCursor, WorklistFilter},
};

/// The address of the list.
pub(super) const LIST: &str = "/staff/cases";

/// The filter as it stands in the address.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
pub(crate) struct WorklistQuery {
    /// `mine`, `unclaimed`, or nothing for all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) view: String,
    /// `normal`, `due_soon`, `overdue`, `paused`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) light: String,
    /// A stage.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) stage: String,
    /// The key of what is looked for: a number or a part of a name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) search: String,
    /// The applicant, by the house's own identifier.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) applicant: String,
    /// `answer`: the applicant waits for one; `material`: something arrived; `supplement`: what is owed is late; `extension`: one was
    /// asked for; `sample`: decided by rules and drawn for a look.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) mark: String,
    /// An item.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) item: String,
    /// `1`: 绿色通道 only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) priority: String,
    /// The first day of receipt.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) from: String,
    /// The last day of receipt.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) until: String,
    /// `1`: also those that are over.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) closed: String,
    /// Where the page begins: due date and case.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) after: String,
}

impl WorklistQuery {
    /// The filter; `search` is what was looked for under the key.
    pub(crate) fn filter(&self, caller: &Caller, search: Option<String>) -> WorklistFilter {
        WorklistFilter {
            holder: if self.view == "mine" {
                caller.visitor.person()
            } else {
                None
            },
            unclaimed: self.view == "unclaimed",
            taker: caller.visitor.staff().map(taker),
            stage: (!self.stage.is_empty()).then(|| self.stage.clone()),
            light: match self.light.as_str() {
                "normal" => Some(LightFilter::Normal),
                "due_soon" => Some(LightFilter::DueSoon),
                "overdue" => Some(LightFilter::Overdue),
                "paused" => Some(LightFilter::Paused),
                _ => None,
            },
            item: (!self.item.is_empty()).then(|| self.item.clone()),
            applicant: self.applicant.parse().ok(),
            priority: self.priority == "1",
            mark: match self.mark.as_str() {
                "answer" => Some(MarkFilter::WaitsForAnswer),
                "material" => Some(MarkFilter::HasNewMaterial),
                "supplement" => Some(MarkFilter::SupplementOverdue),
                "extension" => Some(MarkFilter::ExtensionAsked),
                "sample" => Some(MarkFilter::RulesReview),
                _ => None,
            },
            received_from: self.from.parse().ok(),
            received_until: self.until.parse().ok(),
            search,
            include_closed: self.closed == "1",
        }
    }

    pub(super) fn cursor(&self) -> Option<WorklistCursor> {
        let (due_on, id) = self.after.split_once('_')?;
        due_on.parse::<Date>().ok()?;
        id.parse::<CaseId>().ok()?;
        Some(WorklistCursor {
            due_on: due_on.to_owned(),
            id: id.to_owned(),
        })
    }

    /// Whether anything but the tab narrows the list.
    pub(super) fn is_narrowed(&self) -> bool {
        !self.search.is_empty()
            || !self.applicant.is_empty()
            || !self.stage.is_empty()
            || !self.light.is_empty()
            || !self.mark.is_empty()
            || self.is_narrowed_more()
    }

    /// Whether one of the conditions narrows it that the page keeps folded.
    pub(super) fn is_narrowed_more(&self) -> bool {
        [&self.item, &self.priority, &self.from, &self.until]
            .iter()
            .any(|value| !value.is_empty())
    }

    /// The address of the same list for programs; empty conditions and the place in the list are left out.
    pub(crate) fn program_address(&self) -> String {
        let flag = |is_set: bool| if is_set { "true" } else { "" };
        let mark = match self.mark.as_str() {
            "answer" => "waits_for_answer",
            "material" => "has_new_material",
            "supplement" => "supplement_overdue",
            "extension" => "extension_asked",
            "sample" => "rules_review",
            _ => "",
        };
        let parts = [
            ("mine", flag(self.view == "mine")),
            ("unclaimed", flag(self.view == "unclaimed")),
            ("light", self.light.as_str()),
            ("mark", mark),
            ("stage", &self.stage),
            ("applicant", &self.applicant),
            ("item", &self.item),
            ("priority", flag(self.priority == "1")),
            ("received_from", &self.from),
            ("received_until", &self.until),
            ("closed", flag(self.closed == "1")),
        ];
        joined("/api/v1/cases", &parts)
    }

    /// What this visitor looks for; `None` also when the key is not known any more.
    pub(crate) fn search(&self, rooms: &CaseRooms, me: PersonId) -> Option<String> {
        rooms.cases.searches.find(me, &self.search)
    }

    /// The filters of an address of the list that is kept or came back in a form, without its place and search: those
    /// are of the moment.
    pub(crate) fn of_address(address: &str) -> Option<Self> {
        let uri: Uri = address.parse().ok()?;
        if uri.authority().is_some() || uri.path() != LIST {
            return None;
        }
        let Query(query) = Query::<Self>::try_from_uri(&uri).ok()?;
        Some(Self {
            search: String::new(),
            after: String::new(),
            ..query
        })
    }

    /// The address of the list with these filters.
    pub(crate) fn address(&self) -> String {
        let parts = [
            ("view", self.view.as_str()),
            ("light", &self.light),
            ("mark", &self.mark),
            ("stage", &self.stage),
            ("search", &self.search),
            ("applicant", &self.applicant),
            ("item", &self.item),
            ("priority", &self.priority),
            ("from", &self.from),
            ("until", &self.until),
            ("closed", &self.closed),
            ("after", &self.after),
        ];
        joined(LIST, &parts)
    }
}

/// An address with those of the values that say something.
fn joined(path: &str, parts: &[(&str, &str)]) -> String {
    let parts: Vec<String> = parts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", wuchuang_webkit::display::encode(value)))
        .collect();
    if parts.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", parts.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::WorklistQuery;

    #[test]
    fn pages_and_programs_read_the_same_list() {
        for (page, program) in [
            ("/staff/cases", "/api/v1/cases"),
            (
                "/staff/cases?view=mine&light=due_soon&closed=1",
                "/api/v1/cases?mine=true&light=due_soon&closed=true",
            ),
            (
                "/staff/cases?view=unclaimed&mark=extension&stage=review&priority=1&from=2026-11-01&until=2026-11-30",
                "/api/v1/cases?unclaimed=true&mark=extension_asked&stage=review&priority=true&received_from=2026-11-01&received_until=2026-11-30",
            ),
        ] {
            let query = WorklistQuery::of_address(page).unwrap();
            assert_eq!(query.program_address(), program, "{page}");
        }
    }

    #[test]
    fn an_address_that_is_kept_holds_filters_only() {
        for (given, kept) in [
            (
                "/staff/cases?view=mine&stage=review",
                Some("/staff/cases?view=mine&stage=review"),
            ),
            (
                "/staff/cases?closed=1&q=%E5%BC%A0%E4%B8%89",
                Some("/staff/cases?closed=1"),
            ),
            (
                "/staff/cases?search=0123&light=overdue&after=2026-11-23_1",
                Some("/staff/cases?light=overdue"),
            ),
            ("/staff/cases", Some("/staff/cases")),
            ("/staff/cases/1", None),
            ("https://elsewhere.example/staff/cases?view=mine", None),
            ("//elsewhere.example/staff/cases", None),
            ("", None),
        ] {
            let query = WorklistQuery::of_address(given);
            let address = query.map(|query| query.address());
            assert_eq!(address.as_deref(), kept, "{given}");
        }
    }
}
