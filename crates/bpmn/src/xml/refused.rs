//! What BPMN knows and this engine does not execute, with the way out. Refusing by name is the point: a process that
//! lost a step silently would decide wrongly about somebody.

/// The Chinese name of a refused element and what to draw instead.
pub(super) fn refused(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "task" => (
            "未指明类型的任务",
            "请指明类型：由人办理用“用户任务”，由程序办理用“服务任务”",
        ),
        "scriptTask" => (
            "脚本任务",
            "引擎不运行脚本；请改为“业务规则任务”（决策表）或“服务任务”",
        ),
        "globalTask"
        | "globalUserTask"
        | "globalManualTask"
        | "globalScriptTask"
        | "globalBusinessRuleTask" => ("全局任务", "请把任务画在流程里"),
        "transaction" => ("事务子流程", "请改为普通子流程，用补偿事件撤销已做的工作"),
        "adHocSubProcess" => ("特别（ad-hoc）子流程", "请画出各任务的先后，或用包容网关"),
        "complexGateway" => ("复杂网关", "请改为包容网关，或会签任务加完成条件"),
        "eventSubProcess" => ("事件子流程", "请在活动上改用边界事件"),
        "escalationEventDefinition" => ("升级事件", "请改用信号事件或不中断的边界事件"),
        "conditionalEventDefinition" => ("条件事件", "请改用网关，或由外部发消息"),
        "linkEventDefinition" => ("链接事件", "请直接用顺序流连接两处"),
        "cancelEventDefinition" => ("取消事件", "请改用错误事件与补偿事件"),
        "standardLoopCharacteristics" => {
            ("标准循环标记", "请用排他网关画出循环，或改为多实例（会签）")
        }
        "complexBehaviorDefinition" => ("复杂多实例行为", "请改用完成条件"),
        "callConversation"
        | "subConversation"
        | "conversation"
        | "choreography"
        | "globalChoreographyTask" => ("编排图", "请画流程图"),
        _ => return None,
    })
}

/// Parts of a process that are drawn or written but never executed; they stay in the file.
pub(super) fn only_drawn(name: &str) -> bool {
    matches!(
        name,
        "documentation"
            | "extensionElements"
            | "textAnnotation"
            | "group"
            | "laneSet"
            | "dataObject"
            | "dataObjectReference"
            | "dataStoreReference"
            | "property"
            | "ioSpecification"
            | "auditing"
            | "monitoring"
            | "incoming"
            | "outgoing"
            | "dataInputAssociation"
            | "dataOutputAssociation"
            | "dataInput"
            | "dataOutput"
            | "inputSet"
            | "outputSet"
            | "rendering"
    )
}

/// Things beside processes that need no word.
pub(super) fn beside_processes(name: &str) -> bool {
    matches!(
        name,
        "message"
            | "signal"
            | "error"
            | "escalation"
            | "collaboration"
            | "category"
            | "itemDefinition"
            | "dataStore"
            | "documentation"
            | "extensionElements"
            | "resource"
            | "interface"
            | "relationship"
            | "import"
            | "extension"
            | "endPoint"
            | "correlationProperty"
    )
}
