//! What the check says about drawings that cannot run, all problems at once, with line and way out.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use wuchuang_bpmn::check_file;

use crate::sketch::bpmn;

fn problems(xml: &str) -> String {
    let report = check_file(xml.as_bytes());
    let mut text = String::new();
    for problem in &report.problems {
        let _ = writeln!(text, "{problem}");
    }
    let _ = write!(
        text,
        "{}",
        if report.deployable {
            "可以部署"
        } else {
            "不能部署"
        }
    );
    text
}

fn check(sketch: &str, expected: Expect) {
    expected.assert_eq(&problems(&bpmn(sketch)));
}

fn check_xml(inner: &str, expected: Expect) {
    let xml = format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:wuchuang="urn:wuchuang:bpmn:1">
{inner}
</definitions>"#
    );
    expected.assert_eq(&problems(&xml));
}

#[test]
fn a_sound_drawing_has_no_problem() {
    check("start s -> A\nuser A -> e\nend e", expect!["可以部署"]);
}

#[test]
fn everything_wrong_is_told_at_once() {
    check(
        "start s -> g
         xor g -> A ? n > | B | C ? n = 1
         user A -> nowhere
         user B -> e
         user C
         user D -> e
         end e -> B",
        expect![[r#"
            第 6 行 [g] 警告（default-missing）：排他网关“g”没有默认出口；条件都不成立时会停下等人处理，建议设默认流
            第 7 行 [g_A] 错误（expression）：条件“n >”读不懂：第 4 个字符处：这里应当是变量、数字或文字，却遇到结尾
            第 8 行 [g_B] 错误（condition-missing）：排他网关“g”的这条出口没有条件；请写条件，或设为默认流
            第 11 行 [A] 警告（no-way-out）：用户任务“A”之后没有顺序流，令牌在此结束；建议接上结束事件
            第 12 行 [A_nowhere] 错误（flow-end-missing）：顺序流的终点“nowhere”不存在；请重新连接或删去
            第 14 行 [B] 警告（endless）：从用户任务“B”走不到任何结束；流程会永远循环，请加出口
            第 17 行 [C] 警告（no-way-out）：用户任务“C”之后没有顺序流，令牌在此结束；建议接上结束事件
            第 19 行 [D] 错误（no-way-in）：用户任务“D”没有进入的顺序流，永远不会执行；请连接或删去
            第 19 行 [D] 警告（endless）：从用户任务“D”走不到任何结束；流程会永远循环，请加出口
            第 22 行 [e] 警告（endless）：从结束事件“e”走不到任何结束；流程会永远循环，请加出口
            第 23 行 [e_B] 错误（flow-after-end）：结束事件“e”之后不能再有顺序流；请改用中间事件
            不能部署"#]],
    );
}

#[test]
fn what_is_not_executed_is_refused_by_name() {
    check_xml(
        r#"<process id="p" isExecutable="true">
  <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
  <task id="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="b"/>
  <scriptTask id="b" scriptFormat="groovy"><script>x</script></scriptTask><sequenceFlow id="f3" sourceRef="b" targetRef="c"/>
  <complexGateway id="c"/><sequenceFlow id="f4" sourceRef="c" targetRef="d"/>
  <intermediateThrowEvent id="d"><escalationEventDefinition/></intermediateThrowEvent><sequenceFlow id="f5" sourceRef="d" targetRef="t"/>
  <transaction id="t"/><sequenceFlow id="f6" sourceRef="t" targetRef="h"/>
  <adHocSubProcess id="h"/><sequenceFlow id="f7" sourceRef="h" targetRef="l"/>
  <intermediateThrowEvent id="l"><linkEventDefinition name="x"/></intermediateThrowEvent>
  <subProcess id="ev" triggeredByEvent="true"><startEvent id="es"><conditionalEventDefinition/></startEvent></subProcess>
  <userTask id="loop"><standardLoopCharacteristics/></userTask>
  <strangeThing id="x"/>
</process>"#,
        expect![[r#"
            第 4 行 [a] 错误（not-executed）：不执行“未指明类型的任务”（a）：请指明类型：由人办理用“用户任务”，由程序办理用“服务任务”
            第 5 行 [b] 错误（not-executed）：不执行“脚本任务”（b）：引擎不运行脚本；请改为“业务规则任务”（决策表）或“服务任务”
            第 6 行 [c] 错误（not-executed）：不执行“复杂网关”（c）：请改为包容网关，或会签任务加完成条件
            第 7 行 [d] 错误（not-executed）：不执行“升级事件”：请改用信号事件或不中断的边界事件
            第 8 行 [t] 错误（not-executed）：不执行“事务子流程”（t）：请改为普通子流程，用补偿事件撤销已做的工作
            第 9 行 [h] 错误（not-executed）：不执行“特别（ad-hoc）子流程”（h）：请画出各任务的先后，或用包容网关
            第 10 行 [l] 错误（not-executed）：不执行“链接事件”：请直接用顺序流连接两处
            第 11 行 [ev] 错误（not-executed）：不执行“事件子流程”：请在活动上改用边界事件
            第 11 行 [es] 错误（not-executed）：不执行“条件事件”：请改用网关，或由外部发消息
            第 12 行 [loop] 错误（not-executed）：不执行“标准循环标记”：请用排他网关画出循环，或改为多实例（会签）
            第 13 行 [x] 错误（not-executed）：不执行“strangeThing”（x）：这里没有这种元素，请改用其他元素
            不能部署"#]],
    );
}

#[test]
fn events_stand_where_they_mean_something() {
    check(
        "start:error:E s -> A
         user A -> c
         catch c -> d
         boundary b on A -> e
         boundary:timer:P3 b2 on A -> e
         boundary~:error:E b3 on A -> e
         boundary:timer:R3/P1D b4 on A -> e
         boundary:message:m b5 on nothing -> e
         boundary:compensate b6 on A
         throw:compensate:nobody d -> e
         end:error e",
        expect![[r#"
            第 5 行 [s] 错误（trigger-misplaced）：开始事件“s”不能用这种触发；请换一种事件
            第 11 行 [c] 错误（trigger-misplaced）：中间捕获事件“c”不能用这种触发；请换一种事件
            第 14 行 [b] 错误（trigger-misplaced）：边界事件“b”不能用这种触发；请换一种事件
            第 17 行 [b2] 错误（timer-duration）：时长“P3”应写成 P3D（三天）、PT4H（四小时）之类，或者用 ${变量}
            第 20 行 [b3] 错误（error-not-interrupting）：错误边界事件总是中断活动；请去掉 cancelActivity="false"
            第 23 行 [b4] 错误（timer-cycle-place）：周期定时只能用在开始事件和不中断的边界事件上；请改用时长或日期
            第 26 行 [b5] 错误（boundary-host）：边界事件“b5”没有附着在活动上；请把它拖到任务或子流程的边上
            第 29 行 [b6] 错误（handler-missing）：补偿边界事件没有连到补偿处理；请用关联线连到一个标为补偿的任务
            第 31 行 [d] 错误（compensation-target）：要补偿的活动“nobody”不在同一层；请重新选择，或不填（补偿全部）
            第 34 行 [e] 错误（trigger-misplaced）：结束事件“e”不能用这种触发；请换一种事件
            不能部署"#]],
    );
}

#[test]
fn gateways_need_what_they_need() {
    check(
        "start s -> g
         and g -> A ? x | B *
         user A -> h
         user B -> v
         event h -> C | D
         user C -> e
         catch:timer:P1D D -> e
         event v -> D
         end e",
        expect![[r#"
            第 6 行 [g] 错误（default-unused）：并行网关“g”没有默认出口一说；请去掉 default
            第 7 行 [g_A] 错误（condition-unused）：并行网关“g”的出口不看条件；请去掉条件，或改用排他网关、包容网关
            第 17 行 [h_C] 错误（event-gateway-target）：事件网关“h”后面只能是定时、消息、信号的中间捕获事件或接收任务，不能是用户任务“C”
            第 23 行 [D] 错误（event-gateway-shared）：中间捕获事件“D”在事件网关之后，不能再有别的入口；请另画一个
            第 26 行 [v] 错误（event-gateway-ways）：事件网关“v”至少要有两个事件可等；只等一个请直接用中间事件
            不能部署"#]],
    );
}

#[test]
fn a_loop_without_wait_is_refused() {
    check(
        "start s -> m
         xor m -> t
         throw:message:x t -> g
         xor g -> m ? again | e *
         end e",
        expect![[r#"
            第 7 行 [m] 错误（loop-without-wait）：循环里没有任何等待（排他网关“m”、中间抛出事件“t”、排他网关“g”），会无休止地转；请在循环里放一个任务或定时事件
            不能部署"#]],
    );
}

#[test]
fn starts_are_clear() {
    check(
        "user A -> e\nend e",
        expect![[r#"
        第 2 行 [p] 错误（no-start）：流程没有开始事件；请加上一个
        第 3 行 [A] 错误（no-way-in）：用户任务“A”没有进入的顺序流，永远不会执行；请连接或删去
        第 6 行 [e] 警告（unreachable）：从开始事件走不到结束事件“e”；请检查连线
        不能部署"#]],
    );
    check(
        "start s -> A\nstart s2 -> A\nuser A -> e\nend e",
        expect![[r#"
        第 6 行 [s2] 错误（several-starts）：普通开始事件只能有一个；请合并，后面用网关分开
        不能部署"#]],
    );
    check(
        "start s -> S
         sub S { -> e
           start:timer:P1D i -> x
           end x
         }
         end e",
        expect![[r#"
            第 7 行 [S] 错误（no-start）：子流程“S”里没有普通开始事件；请加上一个
            第 8 行 [i] 错误（start-in-sub-process）：子流程里的开始事件“i”不能有触发条件；请改为普通开始事件
            不能部署"#]],
    );
}

#[test]
fn parts_that_are_never_reached_or_never_end_are_warned_of() {
    check(
        "start s -> A
         user A -> A2
         user A2 -> A
         user B -> C
         user C -> B
         end e",
        expect![[r#"
            第 3 行 [s] 警告（endless）：从开始事件“s”走不到任何结束；流程会永远循环，请加出口
            第 6 行 [A] 警告（endless）：从用户任务“A”走不到任何结束；流程会永远循环，请加出口
            第 9 行 [A2] 警告（endless）：从用户任务“A2”走不到任何结束；流程会永远循环，请加出口
            第 12 行 [B] 警告（unreachable）：从开始事件走不到用户任务“B”；请检查连线
            第 15 行 [C] 警告（unreachable）：从开始事件走不到用户任务“C”；请检查连线
            第 18 行 [e] 错误（no-way-in）：结束事件“e”没有进入的顺序流，永远不会执行；请连接或删去
            不能部署"#]],
    );
}

#[test]
fn a_reminder_that_runs_into_a_parallel_join_is_warned_of() {
    check(
        "start s -> g
         and g -> A | B
         user A -> j
         boundary~:timer:PT1H b on A -> C
         user C -> j
         user B -> j
         and j -> e
         end e",
        expect![[r#"
            第 13 行 [b] 警告（surplus-token）：边界事件“b”不中断活动，会多出一个令牌，走到并行汇合并行网关“j”会卡住；请让这条支路自己结束
            可以部署"#]],
    );
}

#[test]
fn a_parallel_join_behind_a_choice_is_warned_of() {
    check(
        "start s -> g
         xor g -> A ? a | B *
         user A -> j
         user B -> C
         user C -> j
         and j -> e
         end e",
        expect![[r#"
            第 19 行 [j] 警告（join-starves）：并行网关“j”的几个入口来自排他网关“g”的不同出口，每次只会来一个，永远等不齐；请改用排他网关汇合
            可以部署"#]],
    );
    check(
        "start s -> g
         and g -> A | B
         user A -> j
         boundary:timer:PT1H b on A -> C
         user C -> j
         user B -> j
         and j -> e
         end e",
        expect![[r#"
            第 22 行 [j] 警告（join-starves）：并行网关“j”的几个入口来自用户任务“A”的不同出口，每次只会来一个，永远等不齐；请改用排他网关汇合
            可以部署"#]],
    );
}

#[test]
fn extensions_without_effect_are_listed() {
    check_xml(
        r#"<process id="p" isExecutable="true" camunda:jobPriority="5">
  <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
  <userTask id="a" camunda:asyncBefore="true" camunda:assignee="x">
    <extensionElements><camunda:taskListener class="x.Y" event="create"/><camunda:properties/></extensionElements>
  </userTask>
  <sequenceFlow id="f2" sourceRef="a" targetRef="b"/>
  <serviceTask id="b" camunda:delegateExpression="${sender}"/>
  <sequenceFlow id="f3" sourceRef="b" targetRef="c"/>
  <userTask id="c" wuchuang:stge="审查" wuchuang:stage="审查中" wuchuang:limitDays="0"/>
  <sequenceFlow id="f4" sourceRef="c" targetRef="e"><conditionExpression language="javascript">x</conditionExpression></sequenceFlow>
  <endEvent id="e"/>
</process>"#,
        expect![[r#"
            第 2 行 [p] 提示（extension-ignored）：这些扩展在这里不起作用：camunda:jobPriority
            第 4 行 [a] 警告（extension-ignored）：这些扩展在这里不起作用：camunda:asyncBefore、camunda:taskListener、camunda:properties；其中有原引擎执行的内容，请确认流程离开它仍然正确
            第 8 行 [b] 警告（service-delegate）：“${sender}”在原引擎是一段程序，这里只作为服务名“sender”；请确认有同名服务
            第 10 行 [c] 错误（extension-unknown）：没有“wuchuang:stge”这个属性，请检查拼写
            第 10 行 [c] 错误（stage-unknown）：没有“审查中”这个环节；可用：收件、受理、审查、决定、制证、送达
            第 10 行 [c] 错误（limit-days）：时限“0”应是 1 到 3650 的整数（天）
            第 10 行 [c] 提示（extension-ignored）：这些扩展在这里不起作用：wuchuang:stge
            第 11 行 [f4] 错误（condition-language）：条件用了脚本语言，不能执行；请改写成 ${a == b} 或 FEEL
            不能部署"#]],
    );
}

#[test]
fn references_and_settings_are_complete() {
    check_xml(
        r#"<process id="p" isExecutable="true">
  <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
  <serviceTask id="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="b"/>
  <businessRuleTask id="b"/><sequenceFlow id="f3" sourceRef="b" targetRef="c"/>
  <callActivity id="c"/><sequenceFlow id="f4" sourceRef="c" targetRef="d"/>
  <sendTask id="d" messageRef="unknown"/><sequenceFlow id="f5" sourceRef="d" targetRef="g"/>
  <intermediateCatchEvent id="g"><signalEventDefinition/></intermediateCatchEvent><sequenceFlow id="f6" sourceRef="g" targetRef="h"/>
  <userTask id="h"><multiInstanceLoopCharacteristics wuchuang:completion="most" wuchuang:collection="x"/></userTask><sequenceFlow id="f7" sourceRef="h" targetRef="i"/>
  <userTask id="i"><multiInstanceLoopCharacteristics/></userTask><sequenceFlow id="f7" sourceRef="i" targetRef="e"/>
  <intermediateCatchEvent id="k"><timerEventDefinition/></intermediateCatchEvent><sequenceFlow id="f8" sourceRef="k" targetRef="e"/>
  <endEvent id="e"/><endEvent/>
</process>"#,
        expect![[r#"
            第 4 行 [a] 错误（service-missing）：服务任务没有说明调用什么；请写 wuchuang:service（或 camunda:topic、class 等）
            第 5 行 [b] 错误（decision-missing）：业务规则任务没有说明用哪个决策；请写 wuchuang:decision（或 camunda:decisionRef）
            第 6 行 [c] 错误（call-missing）：调用活动没有说明调用哪个流程；请写 calledElement
            第 7 行 [d] 错误（reference-unknown）：消息“unknown”在文件里没有定义
            第 8 行 [g] 错误（reference-missing）：没有指明信号；请选择或新建一个信号
            第 9 行 [h] 错误（multi-instance-completion）：完成方式“most”应是 all（全部）、any（任一）或百分比如 60%
            第 10 行 [i] 错误（multi-instance-source）：多实例没有说明有几个：请写集合（collection）或次数（loopCardinality）
            第 10 行 [f7] 错误（id-duplicate）：id“f7”重复，第 9 行已经用过；请改成不同的 id
            第 10 行 [i] 警告（no-way-out）：用户任务“i”之后没有顺序流，令牌在此结束；建议接上结束事件
            第 11 行 [k] 错误（timer-missing）：定时事件要写一个时长（timeDuration）、日期（timeDate）或周期（timeCycle），只写一个
            第 12 行 [p] 错误（id-missing）：“endEvent”没有 id，请补上
            第 12 行 [e] 警告（unreachable）：从开始事件走不到结束事件“e”；请检查连线
            不能部署"#]],
    );
}

#[test]
fn executable_processes_are_chosen() {
    check_xml(
        r#"<process id="p"><startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/><endEvent id="e"/></process>"#,
        expect![[r#"
            第 2 行 [p] 警告（not-executable）：流程没有标为可执行，仍按可执行读取；建议写上 isExecutable="true"
            可以部署"#]],
    );
    check_xml(
        r#"<process id="p" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/><endEvent id="e"/></process>
<process id="q" isExecutable="false"><scriptTask id="z"/></process>"#,
        expect![[r#"
            第 3 行 [z] 错误（not-executed）：不执行“脚本任务”（z）：引擎不运行脚本；请改为“业务规则任务”（决策表）或“服务任务”
            第 3 行 [q] 提示（not-executable）：流程没有标为可执行（isExecutable="true"），只作图示
            不能部署"#]],
    );
    check_xml(
        r#"<process id="p"/>"#,
        expect![[r#"
        第 1 行 错误（no-process）：文件里没有可执行的流程；请画出开始事件、任务和结束事件
        不能部署"#]],
    );
}
