//! The Cedar gate: every slice's policies, checked at start, decide every action.
//!
//! Policies are sorted by the action that they name, so that a decision evaluates the few policies
//! of its action and not all of them.
//!
//! What an action is called stands beside its rule, as an annotation of a policy: `@case_read("查看办件")`. Staff who give
//! an action to a program read these words.

mod decisive;

use std::collections::{BTreeSet, HashMap, HashSet};

use cedar_policy::{
    ActionConstraint, Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName,
    EntityUid, Policy, PolicyId, PolicySet, Request, RestrictedExpression, Schema, ValidationMode,
    Validator,
};
use moka::sync::Cache;
use wuchuang_kernel::Role;
use wuchuang_webkit::{Gate, Resource, Visitor};

use decisive::{Asked, is_comparing_only};

/// How many answers are kept.
const ANSWERS_AT_HAND: u64 = 100_000;

/// What is wrong with the policies. The program does not start with such policies.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    /// A slice's text is no Cedar.
    #[error("the policies of {slice} do not read: {reason}")]
    Unreadable {
        /// Which slice.
        slice: String,
        /// What Cedar says.
        reason: String,
    },
    /// A permit names no action: it would let people do what nobody thought of.
    #[error("the policy {0} names no action")]
    NoAction(String),
    /// A policy speaks of attributes that do not exist or are of another type.
    #[error("the policies do not fit the schema: {0}")]
    Invalid(String),
}

/// The gate.
pub struct CedarGate {
    by_action: HashMap<String, Rules>,
    /// What the actions are called.
    words: HashMap<String, String>,
    names: Names,
    authorizer: Authorizer,
    /// Answers that follow from who asks and from what [`Asked`] says of the thing. Policies stay the same while the program
    /// runs.
    answers: Cache<Asked, bool>,
}

/// The policies of one action.
struct Rules {
    policies: PolicySet,
    /// Whether their answer can be kept for other things as well.
    is_comparing_only: bool,
}

struct Names {
    visitor: EntityTypeName,
    thing: EntityTypeName,
    action: EntityTypeName,
}

impl std::fmt::Debug for CedarGate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("CedarGate")
            .field("actions", &self.by_action.len())
            .finish_non_exhaustive()
    }
}

impl CedarGate {
    /// The gate over the policies of all slices: pairs of slice and text. Each policy gets the name
    /// `slice#n`, counted from 1.
    ///
    /// # Errors
    /// When a text is no Cedar, a permit names no action, or a policy does not fit the schema.
    pub fn new(policies: &[(&str, &str)]) -> Result<Self, GateError> {
        let mut all = Vec::new();
        for (slice, text) in policies {
            all.extend(named(slice, text)?);
        }
        let mut everywhere = Vec::new();
        let mut sorted: HashMap<String, Vec<Policy>> = HashMap::new();
        let mut words = HashMap::new();
        for policy in &all {
            let told = policy.annotations();
            words.extend(told.map(|(action, told)| (action.to_owned(), told.to_owned())));
            let actions = match policy.action_constraint() {
                ActionConstraint::Eq(action) => vec![action],
                ActionConstraint::In(actions) => actions,
                ActionConstraint::Any if policy.effect() == cedar_policy::Effect::Forbid => {
                    everywhere.push(policy.clone());
                    continue;
                }
                ActionConstraint::Any => return Err(GateError::NoAction(policy.id().to_string())),
            };
            for action in actions {
                let name: &str = action.id().as_ref();
                sorted
                    .entry(name.to_owned())
                    .or_default()
                    .push(policy.clone());
            }
        }
        validate(&all, sorted.keys())?;
        let by_action = sorted
            .into_iter()
            .map(|(action, policies)| {
                let policies = set(policies.iter().chain(&everywhere))?;
                let is_comparing_only = is_comparing_only(&policies);
                Ok((
                    action,
                    Rules {
                        policies,
                        is_comparing_only,
                    },
                ))
            })
            .collect::<Result<_, GateError>>()?;
        Ok(Self {
            by_action,
            words,
            names: Names {
                visitor: type_name("Visitor"),
                thing: type_name("Thing"),
                action: type_name("Action"),
            },
            authorizer: Authorizer::new(),
            answers: Cache::new(ANSWERS_AT_HAND),
        })
    }

    /// Every action that some policy speaks of, in order.
    pub fn actions(&self) -> BTreeSet<String> {
        self.by_action.keys().cloned().collect()
    }

    /// What an action is called (简体中文); its own name when no policy says so.
    pub fn words<'a>(&'a self, action: &'a str) -> &'a str {
        self.words.get(action).map_or(action, String::as_str)
    }

    /// As [`Gate::allows`], for an action whose name is not known to the compiler: the scopes that a
    /// token may be given.
    pub fn allows_named(&self, visitor: &Visitor, action: &str, resource: &Resource) -> bool {
        let Some(Rules {
            policies,
            is_comparing_only,
        }) = self.by_action.get(action)
        else {
            return false;
        };
        let kind = match visitor {
            // A program may do what its token names and its owner may do, never more.
            Visitor::Program(program) => {
                return program.scopes.iter().any(|scope| scope == action)
                    && self.decide(policies, "program", visitor, action, resource);
            }
            Visitor::Anonymous => "anonymous",
            Visitor::Citizen(_) => "citizen",
            Visitor::Staff(_) => "staff",
        };
        if !is_comparing_only && *resource != Resource::default() {
            return self.decide(policies, kind, visitor, action, resource);
        }
        let asked = Asked::of(kind, visitor, action, resource);
        if let Some(is_allowed) = self.answers.get(&asked) {
            return is_allowed;
        }
        let is_allowed = self.decide(policies, kind, visitor, action, resource);
        self.answers.insert(asked, is_allowed);
        is_allowed
    }

    fn decide(
        &self,
        policies: &PolicySet,
        kind: &'static str,
        visitor: &Visitor,
        action: &str,
        resource: &Resource,
    ) -> bool {
        match self.ask(policies, kind, visitor, action, resource) {
            Ok(is_allowed) => is_allowed,
            Err(reason) => {
                tracing::error!(action, reason, "a permission could not be decided");
                false
            }
        }
    }

    fn ask(
        &self,
        policies: &PolicySet,
        kind: &'static str,
        visitor: &Visitor,
        action: &str,
        resource: &Resource,
    ) -> Result<bool, String> {
        let uid = |name: &EntityTypeName, id: &str| {
            EntityUid::from_type_name_and_id(name.clone(), EntityId::new(id))
        };
        let principal = uid(&self.names.visitor, "visitor");
        let thing = uid(&self.names.thing, "thing");
        let entities = Entities::from_entities(
            [
                entity(principal.clone(), visitor_attributes(kind, visitor))?,
                entity(thing.clone(), thing_attributes(resource))?,
            ],
            None,
        )
        .map_err(|error| error.to_string())?;
        let request = Request::new(
            principal,
            uid(&self.names.action, action),
            thing,
            Context::empty(),
            None,
        )
        .map_err(|error| error.to_string())?;
        let answer = self.authorizer.is_authorized(&request, policies, &entities);
        for error in answer.diagnostics().errors() {
            tracing::error!(action, %error, "a policy could not be evaluated");
        }
        Ok(answer.decision() == Decision::Allow)
    }
}

impl Gate for CedarGate {
    fn allows(&self, visitor: &Visitor, action: &'static str, resource: &Resource) -> bool {
        self.allows_named(visitor, action, resource)
    }
}

fn entity(
    uid: EntityUid,
    attributes: [(&'static str, RestrictedExpression); 5],
) -> Result<Entity, String> {
    let attributes = attributes
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    Entity::new(uid, attributes, HashSet::new()).map_err(|error| error.to_string())
}

fn text(text: impl Into<String>) -> RestrictedExpression {
    RestrictedExpression::new_string(text.into())
}

fn visitor_attributes(
    kind: &'static str,
    visitor: &Visitor,
) -> [(&'static str, RestrictedExpression); 5] {
    let staff = visitor.staff();
    let roles = staff
        .map(|staff| staff.roles.as_slice())
        .unwrap_or_default();
    let scopes: &[String] = match visitor {
        Visitor::Program(program) => &program.scopes,
        _ => &[],
    };
    [
        ("kind", text(kind)),
        (
            "roles",
            RestrictedExpression::new_set(roles.iter().copied().map(Role::code).map(text)),
        ),
        (
            "organisation",
            text(
                staff
                    .map(|staff| staff.organisation.to_string())
                    .unwrap_or_default(),
            ),
        ),
        (
            "person",
            text(
                visitor
                    .person()
                    .map(|person| person.to_string())
                    .unwrap_or_default(),
            ),
        ),
        (
            "scopes",
            RestrictedExpression::new_set(scopes.iter().cloned().map(text)),
        ),
    ]
}

fn thing_attributes(resource: &Resource) -> [(&'static str, RestrictedExpression); 5] {
    let organisation = resource.organisation.map(|id| id.to_string());
    let owner = resource.owner.map(|id| id.to_string());
    [
        ("kind", text(resource.kind)),
        ("id", text(resource.id.as_str())),
        ("organisation", text(organisation.unwrap_or_default())),
        ("owner", text(owner.unwrap_or_default())),
        (
            "general",
            RestrictedExpression::new_bool(resource.kind.is_empty()),
        ),
    ]
}

fn type_name(name: &str) -> EntityTypeName {
    name.parse().expect("a plain word is a type name")
}

/// The policies of one slice under their names.
fn named(slice: &str, text: &str) -> Result<Vec<Policy>, GateError> {
    let parsed: PolicySet =
        text.parse()
            .map_err(|error: cedar_policy::ParseErrors| GateError::Unreadable {
                slice: slice.to_owned(),
                reason: error.to_string(),
            })?;
    let mut policies: Vec<&Policy> = parsed.policies().collect();
    // Cedar names them policy0, policy1, … in the order of the text.
    policies.sort_by_key(|policy| {
        let id: &str = policy.id().as_ref();
        id.trim_start_matches("policy").parse::<u32>().unwrap_or(0)
    });
    Ok(policies
        .into_iter()
        .zip(1_u32..)
        .map(|(policy, number)| policy.new_id(PolicyId::new(format!("{slice}#{number}"))))
        .collect())
}

fn set<'a>(policies: impl IntoIterator<Item = &'a Policy>) -> Result<PolicySet, GateError> {
    PolicySet::from_policies(policies.into_iter().cloned())
        .map_err(|error| GateError::Invalid(error.to_string()))
}

/// Checks that policies speak of attributes that exist, with their types.
fn validate<'a>(
    policies: &[Policy],
    actions: impl Iterator<Item = &'a String>,
) -> Result<(), GateError> {
    let actions: BTreeSet<String> = actions.map(|action| format!("{action:?}")).collect();
    if actions.is_empty() {
        return Ok(());
    }
    let list = actions.into_iter().collect::<Vec<_>>().join(", ");
    let text = format!(
        "entity Visitor = {{ kind: String, roles: Set<String>, organisation: String, person: String, scopes: Set<String> }};
         entity Thing = {{ kind: String, id: String, organisation: String, owner: String, general: Bool }};
         action {list} appliesTo {{ principal: [Visitor], resource: [Thing] }};"
    );
    let (schema, _warnings) = Schema::from_cedarschema_str(&text)
        .map_err(|error| GateError::Invalid(error.to_string()))?;
    let result = Validator::new(schema).validate(&set(policies)?, ValidationMode::Strict);
    if result.validation_passed() {
        return Ok(());
    }
    let errors: Vec<String> = result
        .validation_errors()
        .map(ToString::to_string)
        .collect();
    Err(GateError::Invalid(errors.join("; ")))
}
