//! What an answer of the policies depends on, so that it can be kept. Most policies look at a thing in two ways only: is it
//! the asker's own, and is it the matter of the asker's organisation. Their answer is the same for every thing that stands to
//! the asker in the same way, so a clerk's hundredth case is not decided anew.

use cedar_policy::PolicySet;
use wuchuang_kernel::{OrganisationId, PersonId, Role};
use wuchuang_webkit::{Resource, Visitor};

/// How policies ask for what differs from thing to thing, in Cedar's own spelling.
const COMPARISONS: [&str; 4] = [
    "resource.owner == principal.person",
    "principal.person == resource.owner",
    "resource.organisation == principal.organisation",
    "principal.organisation == resource.organisation",
];
/// What else of a thing an answer may depend on: its kind, and whether it is meant as such.
const PLAIN: [&str; 2] = ["resource.kind", "resource.general"];

/// Whether the policies of an action look at a thing in these ways only. A text that says more in any spelling does not
/// pass, and is asked each time.
pub(super) fn is_comparing_only(policies: &PolicySet) -> bool {
    policies.policies().all(|policy| {
        let text = policy.to_string();
        // The head of a policy names the resource without saying anything about it.
        let Some((_, body)) = text.split_once(['{', '}']) else {
            return true;
        };
        let known = COMPARISONS.iter().chain(&PLAIN);
        let left = known.fold(body.to_owned(), |left, words| left.replace(words, ""));
        !left.contains("resource")
    })
}

/// All that such an answer depends on.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    asker: &'static str,
    person: Option<PersonId>,
    organisation: Option<OrganisationId>,
    roles: Vec<Role>,
    action: String,
    thing: &'static str,
    is_own: bool,
    is_of_organisation: bool,
}

impl Asked {
    /// What is asked about a thing.
    pub(super) fn of(
        asker: &'static str,
        visitor: &Visitor,
        action: &str,
        resource: &Resource,
    ) -> Self {
        let staff = visitor.staff();
        let (person, organisation) = (visitor.person(), staff.map(|staff| staff.organisation));
        Self {
            asker,
            person,
            organisation,
            roles: staff.map(|staff| staff.roles.clone()).unwrap_or_default(),
            action: action.to_owned(),
            thing: resource.kind,
            is_own: resource.owner == person,
            is_of_organisation: resource.organisation == organisation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_comparing_only;

    fn passes(condition: &str) -> bool {
        let text = format!(
            "permit (principal, action == Action::\"look\", resource) when {{ {condition} }};"
        );
        is_comparing_only(&text.parse().unwrap())
    }

    #[test]
    fn only_the_two_comparisons_pass() {
        for condition in [
            "principal.kind == \"citizen\"",
            "resource.general || resource.owner == principal.person",
            "principal.person == resource.owner",
            "principal.roles.contains(\"clerk\") && resource.organisation == principal.organisation",
            "resource.kind == \"case_at_counter\"",
        ] {
            assert!(passes(condition), "{condition}");
        }
        for condition in [
            "resource.id == \"1\"",
            "resource.owner == \"someone\"",
            "resource.owner like \"a*\"",
            "resource.owner != principal.person && resource.owner == principal.organisation",
            "resource[\"id\"] == \"1\"",
            "resource has id",
            "resource == Thing::\"thing\"",
        ] {
            assert!(!passes(condition), "{condition}");
        }
        assert!(is_comparing_only(
            &"permit (principal, action == Action::\"look\", resource);"
                .parse()
                .unwrap()
        ));
    }
}
