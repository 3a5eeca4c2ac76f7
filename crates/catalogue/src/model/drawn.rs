//! The drawn process of an item: read, and checked for what a case can carry out. Cases run on what [`read`] gives and on
//! nothing else, so that what was refused here can never be met there.

use wuchuang_bpmn::{Definition, Demand, DemandKind, Process, Severity, StartView};

/// The longest file, in bytes: it is part of an event of the ledger. A county's largest process has some forty kilobytes.
pub const FILE_BYTES_MAX: usize = 128 * 1024;

/// How short and how long a message to the applicant may be, in characters.
const SENT_CHARACTERS_MIN: usize = 4;
const SENT_CHARACTERS_MAX: usize = 100;

/// One thing that is wrong with a drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawingProblem {
    /// A stable code for programs.
    pub code: &'static str,
    /// The element's id, if it has one.
    pub element: Option<String>,
    /// The line in the file, from 1.
    pub line: u32,
    /// What is wrong, and the way out.
    pub text: String,
}

impl DrawingProblem {
    /// With its place, as people read it.
    pub fn public(&self) -> String {
        match &self.element {
            Some(element) => format!("流程图第 {} 行“{element}”：{}", self.line, self.text),
            None => format!("流程图第 {} 行：{}", self.line, self.text),
        }
    }

    fn of_file(code: &'static str, text: impl Into<String>) -> Self {
        Self {
            code,
            element: None,
            line: 1,
            text: text.into(),
        }
    }

    fn of_demand(demand: &Demand) -> Option<Self> {
        let way_out = way_out(demand)?;
        let name = if demand.name.is_empty() {
            demand.element.as_str()
        } else {
            &demand.name
        };
        Some(Self {
            code: "drawing_not_executed",
            element: Some(demand.element.to_string()),
            line: demand.line,
            text: format!("办件还不能执行{}“{name}”：{way_out}", demand.title),
        })
    }
}

/// What a case cannot do of what a drawing asks for, and the way out; `None` for what it can. Other systems and letters are waited
/// for until somebody, or a program, says that they are there; what goes out goes to the applicant. Decisions are made by the
/// item's rules; whether they have them is asked where both are known.
fn way_out(demand: &Demand) -> Option<&'static str> {
    Some(match demand.kind {
        DemandKind::Service
        | DemandKind::Message
        | DemandKind::Decision
        | DemandKind::Signal
        | DemandKind::VariableTimer => return None,
        DemandKind::Send => {
            // A task without a message is known by its id, and tools give messages names of their own: neither is told to anybody.
            let said = demand.sends.as_deref().unwrap_or_default().trim();
            let length = said.chars().count();
            let is_said = !said.is_ascii();
            if is_said && (SENT_CHARACTERS_MIN..=SENT_CHARACTERS_MAX).contains(&length) {
                return None;
            }
            "消息的名称就是发给申请人的话，要用中文写 4 到 100 个字，例如：请于三日内到现场配合核查。请改写消息的名称"
        }
        DemandKind::Process => {
            "只能调用画在同一个文件里的流程：直接写它的 id，不逐个传变量，有且只有一个普通开始事件，不绕回自己。请把它画进这个文件，或画成子流程"
        }
        DemandKind::Start => "办件受理时流程就开始，不由消息、信号或定时启动。请改为普通开始事件",
    })
}

/// Reads a file and makes its process, if a case can run on it.
///
/// # Errors
/// Everything that is wrong with it, in the order of its lines.
pub fn read(text: &str) -> Result<Process, Vec<DrawingProblem>> {
    if text.len() > FILE_BYTES_MAX {
        let text = format!(
            "文件有 {} 字节，最多 {FILE_BYTES_MAX} 字节。请删去不用的图形，或拆成几个事项",
            text.len()
        );
        return Err(vec![DrawingProblem::of_file("drawing_too_large", text)]);
    }
    let definition = Definition::parse(text).map_err(|found| {
        found
            .list()
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .map(|problem| DrawingProblem {
                code: problem.code,
                element: problem.element_id.as_ref().map(ToString::to_string),
                line: problem.line,
                text: problem.text.clone(),
            })
            .collect::<Vec<_>>()
    })?;
    let problems = beyond_cases(&definition);
    if problems.is_empty() {
        Ok(definition.whole().clone())
    } else {
        Err(problems)
    }
}

/// What is worth knowing of a sound file: parts that have no effect here, gateways without a default.
pub fn remarks(text: &str) -> Vec<String> {
    let Ok(definition) = Definition::parse(text) else {
        return Vec::new();
    };
    let remarks = definition.problems().list().iter();
    remarks.map(ToString::to_string).collect()
}

/// What BPMN executes and a case cannot.
fn beyond_cases(definition: &Definition) -> Vec<DrawingProblem> {
    let mut problems = Vec::new();
    let process = definition.whole();
    let apart = definition
        .processes()
        .iter()
        .filter(|one| one.id() != process.id() && !definition.called().contains(one.id()));
    let apart: Vec<String> = apart.map(|one| format!("“{}”", one.id())).collect();
    if !apart.is_empty() {
        let text = format!(
            "文件里有几个可执行的流程，一个事项只有一个，{}没有被它调用。请删去，标为不可执行，或者用调用活动调用",
            apart.join("、")
        );
        problems.push(DrawingProblem::of_file("drawing_several", text));
    }
    let demands = process.demands();
    problems.extend(demands.iter().filter_map(DrawingProblem::of_demand));
    let unheard = process.unheard_signals().into_iter();
    problems.extend(unheard.map(|(element, line, signal)| DrawingProblem {
        code: "drawing_signal",
        element: Some(element.to_string()),
        line,
        text: format!(
            "等候信号“{signal}”，但图里没有哪一步发出它，办件会一直停在这里。信号只在一个办件的各个分支之间传：请画上发出它的事件，等外面的来文请改用消息"
        ),
    }));
    let is_started = |start: &StartView| matches!(start, StartView::Plain { .. });
    if problems.is_empty()
        && process
            .starts()
            .iter()
            .filter(|start| is_started(start))
            .count()
            != 1
    {
        let text = "流程要有且只有一个普通开始事件";
        problems.push(DrawingProblem::of_file("drawing_start", text));
    }
    if process.tasks().next().is_none() {
        let text = "流程里没有用户任务：没有人办理。请至少画一个用户任务";
        problems.push(DrawingProblem::of_file("drawing_no_task", text));
    }
    for task in process.tasks().filter(|task| task.name.is_empty()) {
        problems.push(DrawingProblem {
            code: "drawing_task_name",
            element: Some(task.id.to_string()),
            line: task.line,
            text: "用户任务没有名称，办理人不知道要做什么。请写上名称".to_owned(),
        });
    }
    problems.sort_by_key(|problem| problem.line);
    problems
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// A process with something between its start and its one task.
    fn file(between: &str, task: &str) -> String {
        format!(
            "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" xmlns:wuchuang=\"urn:wuchuang:bpmn:1\" targetNamespace=\"urn:test\">
<process id=\"p\" isExecutable=\"true\">
<startEvent id=\"s\"/><sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"x\"/>
{between}
<sequenceFlow id=\"f2\" sourceRef=\"x\" targetRef=\"t\"/>
{task}
<sequenceFlow id=\"f3\" sourceRef=\"t\" targetRef=\"e\"/><endEvent id=\"e\"/>
</process></definitions>"
        )
    }

    fn check(text: &str, expected: Expect) {
        let problems = match read(text) {
            Ok(process) => vec![format!("{} tasks", process.tasks().count())],
            Err(problems) => problems.iter().map(DrawingProblem::public).collect(),
        };
        expected.assert_eq(&problems.join("\n"));
    }

    const TASK_X: &str = "<userTask id=\"x\" name=\"初审\"/>";
    const TASK: &str = "<userTask id=\"t\" name=\"审查\"/>";

    #[test]
    fn what_a_case_can_do_is_taken() {
        check(
            &file("<userTask id=\"x\" name=\"初审\"/>", TASK),
            expect!["2 tasks"],
        );
        check(
            &file(
                "<businessRuleTask id=\"x\" wuchuang:decision=\"fees\"/>",
                TASK,
            ),
            expect!["1 tasks"],
        );
        check(
            &file(
                "<intermediateCatchEvent id=\"x\"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></intermediateCatchEvent>",
                TASK,
            ),
            expect!["1 tasks"],
        );
    }

    #[test]
    fn what_comes_from_outside_is_waited_for() {
        for waits in [
            "<serviceTask id=\"x\" name=\"查征信\" wuchuang:service=\"credit\"/>",
            "<receiveTask id=\"x\" name=\"等回函\"/>",
            "<intermediateCatchEvent id=\"x\"><timerEventDefinition><timeDuration>${days}</timeDuration></timerEventDefinition></intermediateCatchEvent>",
        ] {
            check(&file(waits, TASK), expect!["1 tasks"]);
        }
    }

    #[test]
    fn what_a_case_cannot_do_is_refused_by_name() {
        for (between, expected) in [
            (
                "<callActivity id=\"x\" name=\"验收\" calledElement=\"other\"/>",
                expect![
                    "流程图第 4 行“x”：办件还不能执行调用活动“验收”：只能调用画在同一个文件里的流程：直接写它的 id，不逐个传变量，有且只有一个普通开始事件，不绕回自己。请把它画进这个文件，或画成子流程"
                ],
            ),
            (
                "<intermediateThrowEvent id=\"x\" name=\"通知\"><messageEventDefinition id=\"Message_by_its_id\"/></intermediateThrowEvent>",
                expect!["流程图第 4 行“Message_by_its_id”：没有指明消息；请选择或新建一个消息"],
            ),
            (
                "<sendTask id=\"x\" name=\"通知\"/>",
                expect![
                    "流程图第 4 行“x”：办件还不能执行发送任务“通知”：消息的名称就是发给申请人的话，要用中文写 4 到 100 个字，例如：请于三日内到现场配合核查。请改写消息的名称"
                ],
            ),
            (
                "<intermediateThrowEvent id=\"x\"><signalEventDefinition id=\"sig\"/></intermediateThrowEvent>",
                expect!["流程图第 4 行“sig”：没有指明信号；请选择或新建一个信号"],
            ),
        ] {
            check(&file(between, TASK), expected);
        }
    }

    #[test]
    fn a_signal_is_given_where_it_is_waited_for() {
        let waits = "<intermediateCatchEvent id=\"x\"><signalEventDefinition signalRef=\"sig\"/></intermediateCatchEvent>";
        let declared = |text: String| {
            text.replace("<process", "<signal id=\"sig\" name=\"不合格\"/>\n<process")
        };
        let alone = declared(file(waits, TASK));
        check(
            &alone,
            expect![
                "流程图第 5 行“x”：等候信号“不合格”，但图里没有哪一步发出它，办件会一直停在这里。信号只在一个办件的各个分支之间传：请画上发出它的事件，等外面的来文请改用消息"
            ],
        );
        let given = alone.replace(
            "<endEvent id=\"e\"/>",
            "<endEvent id=\"e\"><signalEventDefinition signalRef=\"sig\"/></endEvent>",
        );
        check(&given, expect!["1 tasks"]);
    }

    #[test]
    fn a_process_of_the_same_file_may_be_called() {
        let calls = "<callActivity id=\"x\" calledElement=\"other\"/>";
        let other = |start: &str| {
            format!(
                "</process><process id=\"other\" isExecutable=\"true\"><startEvent id=\"os\"/><sequenceFlow id=\"of\" sourceRef=\"{start}\" targetRef=\"ot\"/><userTask id=\"ot\" name=\"会审\"/></process></definitions>"
            )
        };
        let text = file(calls, TASK).replace("</process></definitions>", &other("os"));
        check(&text, expect!["2 tasks"]);
        let apart = text.replace("<callActivity id=\"x\" calledElement=\"other\"/>", TASK_X);
        // What is called in a way that no case can do is refused for that, and for nothing else.
        let mapped = text.replace(
            "calledElement=\"other\"/>",
            "calledElement=\"other\"><extensionElements><camunda:in xmlns:camunda=\"http://camunda.org/schema/1.0/bpmn\" source=\"a\" target=\"b\"/></extensionElements></callActivity>",
        );
        check(
            &mapped,
            expect![
                "流程图第 4 行“x”：办件还不能执行调用活动“x”：只能调用画在同一个文件里的流程：直接写它的 id，不逐个传变量，有且只有一个普通开始事件，不绕回自己。请把它画进这个文件，或画成子流程"
            ],
        );
        check(
            &apart,
            expect![
                "流程图第 1 行：文件里有几个可执行的流程，一个事项只有一个，“other”没有被它调用。请删去，标为不可执行，或者用调用活动调用"
            ],
        );
    }

    #[test]
    fn every_problem_is_told_with_its_place() {
        let text = file("<scriptTask id=\"x\"/>", "<userTask id=\"t\"/>");
        let problems = read(&text).unwrap_err();
        assert_eq!(problems.len(), 1, "the drawing itself comes first");
        assert_eq!(
            (problems[0].line, problems[0].element.as_deref()),
            (4, Some("x"))
        );
        check(
            &file("<userTask id=\"x\"/>", "<userTask id=\"t\"/>"),
            expect![[r#"
                流程图第 4 行“x”：用户任务没有名称，办理人不知道要做什么。请写上名称
                流程图第 6 行“t”：用户任务没有名称，办理人不知道要做什么。请写上名称"#]],
        );
        let large = file(&format!("<!--{}-->", "x".repeat(FILE_BYTES_MAX)), TASK);
        assert_eq!(read(&large).unwrap_err()[0].code, "drawing_too_large");
        assert!(!read("<definitions").unwrap_err().is_empty());
    }

    #[test]
    fn somebody_must_have_something_to_do() {
        let idle = file(
            "<intermediateCatchEvent id=\"x\"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></intermediateCatchEvent>",
            "<intermediateThrowEvent id=\"t\"/>",
        );
        check(
            &idle,
            expect!["流程图第 1 行：流程里没有用户任务：没有人办理。请至少画一个用户任务"],
        );
    }
}
