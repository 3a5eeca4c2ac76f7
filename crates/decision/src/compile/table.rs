//! Decision tables: columns and cells prepared, and what a hit policy asks of the outputs.

use dsntk_feel::{FeelType, Name};

use crate::feel::{Compiled, Scope, TESTED};
use crate::model::{HitPolicy, InputClause, OutputClause, Rule, Table, Text};
use crate::problem::Severity;

use super::Compiler;
use super::program::{InputCode, OutputCode, Row, TableCode};

impl Compiler<'_> {
    pub(super) fn table(&mut self, scope: &Scope, name: &str, table: &Table) -> Option<TableCode> {
        self.policy(name, table);
        // A column that cannot be read must not hide what is wrong with the others.
        let mut columns = Vec::with_capacity(table.inputs.len());
        for input in &table.inputs {
            columns.push(self.input(scope, input));
        }
        let mut outputs = Vec::with_capacity(table.outputs.len());
        for output in &table.outputs {
            outputs.push(self.output(scope, name, table.outputs.len(), output));
        }
        let mut tested: Vec<Scope> = Vec::with_capacity(columns.len());
        for column in &columns {
            let mut inner = scope.inner();
            let known = column.as_ref();
            let feel_type = known.map_or(FeelType::Any, |column| column.feel_type.clone());
            inner.add(TESTED, feel_type);
            tested.push(inner);
        }
        let rows = table
            .rules
            .iter()
            .enumerate()
            .map(|(index, rule)| self.row(scope, &tested, table, index + 1, rule))
            .collect();
        if table.rules.is_empty() {
            let text = format!("决策表“{name}”还没有规则，任何输入都没有结果");
            self.problems
                .add(Severity::Warning, "rows-missing", &table.place, text);
        }
        Some(TableCode {
            place: table.place.clone(),
            policy: table.policy,
            inputs: columns.into_iter().collect::<Option<_>>()?,
            outputs,
            annotations: table.annotations.clone(),
            rows,
        })
    }

    fn policy(&mut self, name: &str, table: &Table) {
        let policy = table.policy.name();
        match table.policy {
            HitPolicy::Priority | HitPolicy::OutputOrder => {
                for output in table.outputs.iter().filter(|one| one.values.is_none()) {
                    let text = format!(
                        "命中策略 {policy} 要知道哪个输出更重要：请在输出列“{}”里按重要程度列出允许的值",
                        output.label
                    );
                    self.problems
                        .error("output-values-missing", &output.place, text);
                }
            }
            HitPolicy::Collect(Some(_)) if table.outputs.len() > 1 => {
                let text =
                    format!("决策表“{name}”有多个输出列，不能汇总（{policy}）；请拆成几张表");
                self.problems
                    .error("aggregation-of-many", &table.place, text);
            }
            _ => {}
        }
    }

    fn input(&mut self, scope: &Scope, input: &InputClause) -> Option<InputCode> {
        let what = format!("输入列“{}”", input.label);
        let expression = self.expression(scope, &what, &input.expression)?;
        let place = &input.expression.place;
        let mut typed =
            self.types
                .named(input.expression.type_ref.as_deref(), place, self.problems);
        if typed.feel == FeelType::Any
            && let Some(known) = scope.type_of(&input.expression.text)
        {
            typed.feel = known.clone();
        }
        let mut inner = scope.inner();
        inner.add(TESTED, typed.feel.clone());
        let values = input.values.as_ref().or(typed.allowed.as_ref());
        let allowed = values.and_then(|values| self.tests(&inner, &what, values));
        Some(InputCode {
            label: input.label.clone(),
            expression,
            feel_type: typed.feel,
            is_whole: typed.is_whole,
            allowed,
        })
    }

    fn output(
        &mut self,
        scope: &Scope,
        name: &str,
        count: usize,
        output: &OutputClause,
    ) -> OutputCode {
        // The type is checked to exist; values are not forced into it, as the standard's evaluation does not either.
        self.types
            .named(output.type_ref.as_deref(), &output.place, self.problems);
        let own = output.name.clone();
        if own.is_none() && count > 1 {
            let text = "有多个输出列时，每列都要有名称（name），请补上";
            self.problems
                .error("output-name-missing", &output.place, text);
        }
        let own = own.unwrap_or_else(|| name.to_owned());
        let label = if output.label.is_empty() {
            own.clone()
        } else {
            output.label.clone()
        };
        let what = format!("输出列“{label}”");
        let values = output.values.as_ref();
        let default = output.default.as_ref();
        let mut inner = scope.inner();
        inner.add(TESTED, FeelType::Any);
        OutputCode {
            name: Name::from(&own),
            allowed: values.and_then(|values| self.tests(&inner, &what, values)),
            values: values.and_then(|values| self.values(scope, &what, values)),
            default: default.and_then(|default| self.expression(scope, &what, default)),
            label,
        }
    }

    fn row(
        &mut self,
        scope: &Scope,
        tested: &[Scope],
        table: &Table,
        number: usize,
        rule: &Rule,
    ) -> Row {
        let mut tests = Vec::with_capacity(rule.tests.len());
        for (column, (test, inner)) in rule.tests.iter().zip(tested).enumerate() {
            let label = &table.inputs[column].label;
            let what = || format!("第 {number} 条规则的条件“{label}”");
            tests.push(self.test(inner, &what, test));
        }
        let mut outputs: Vec<Option<Compiled>> = Vec::with_capacity(rule.outputs.len());
        for (output, clause) in rule.outputs.iter().zip(&table.outputs) {
            let what = format!("第 {number} 条规则的输出“{}”", clause.label);
            if output.text.is_empty() || output.text == "-" {
                let text = format!("{what}是空的，命中时没有结果");
                self.problems
                    .add(Severity::Warning, "output-empty", &output.place, text);
                outputs.push(None);
            } else {
                outputs.push(self.expression(scope, &what, output));
            }
        }
        Row {
            place: rule.place.clone(),
            id: rule.id.clone(),
            description: rule.description.clone(),
            tests,
            outputs,
            annotations: rule.annotations.clone(),
        }
    }

    fn test(&mut self, scope: &Scope, what: &dyn Fn() -> String, test: &Text) -> Option<Compiled> {
        if test.text.is_empty() || test.text == "-" {
            return None;
        }
        let compiled = crate::feel::tests(scope, test);
        let what = if compiled.is_err() {
            what()
        } else {
            String::new()
        };
        self.taken(&what, test, compiled)
    }
}
