//! The texts that hold until a county writes its own. They stand in code and not in a file, because a text that names
//! a parameter its occasion does not give must fail a test, not a citizen.

use super::template::{TemplateName, TemplateText};

/// Subject, text for inbox and e-mail, text for SMS.
type Texts = [&'static str; 3];

const CASE_RECEIVED: Texts = [
    "已收到您的申请：{item}",
    "您的“{item}”申请已收到，办件编号 {number}，查询码 {code}。我们会在 5 个工作日内告诉您是否受理；材料有问题会一次说清。凭编号和查询码可随时查进度：{link}",
    "已收到“{item}”申请，编号{number}，查询码{code}。查进度：{link}",
];

const CASE_CORRECTION: Texts = [
    "请补正：{item}",
    "您的“{item}”（{number}）有 {count} 处需要补正，请{until}补齐。需要补正的全部内容写在《一次性补正告知书》（{notice}）里，可在“我的办件”中查看、下载，也可到窗口领取。补正后重新计算审查时间。",
    "“{item}”有{count}处需补正，请{until}补齐，一次性告知书在“我的办件”或窗口领取。编号{number}：{link}",
];

const CASE_ACCEPTED: Texts = [
    "已受理：{item}",
    "您的“{item}”已受理，编号 {number}，承诺 {limit}办结，最迟 {due}。《受理通知书》（{notice}）可在“我的办件”中查看、下载。查进度：{link}",
    "您的“{item}”已受理，编号{number}，承诺{due}前办结。查进度：{link}",
];

const CASE_ACCEPTED_CONDITIONALLY: Texts = [
    "已容缺受理：{item}",
    "您的“{item}”已容缺受理，编号 {number}，承诺 {limit}办结，最迟 {due}。还有 {count} 份材料，请在 {days} 个工作日内补交；补交期间照常办理。清单写在《容缺受理通知书》（{notice}）里，可在“我的办件”中查看、下载。",
    "“{item}”已容缺受理，请在{days}个工作日内补交{count}份材料，清单在“我的办件”。编号{number}：{link}",
];

const CASE_NOT_ACCEPTED: Texts = [
    "未予受理：{item}",
    "您的“{item}”（{number}）未予受理：{ground}。理由、依据和救济途径写在《不予受理决定书》（{notice}）里，可在“我的办件”中查看、下载，也可到窗口领取。不服的，可以依法申请行政复议或者提起行政诉讼，期限见决定书。评价这次服务：{rate}",
    "“{item}”未予受理：{ground}。决定书（含救济途径）在“我的办件”或窗口领取。编号{number}：{link}",
];

const CASE_TRANSFERRED: Texts = [
    "已转由{organisation}办理：{item}",
    "您的“{item}”（{number}）已转由{organisation}办理，您不用重新提交。查进度：{link}",
    "“{item}”已转由{organisation}办理，您不用重新提交。编号{number}：{link}",
];

const CASE_CLOCK_STOPPED: Texts = [
    "需要{procedure}：{item}",
    "您的“{item}”（{number}）依法需要{procedure}，预计 {days} 个工作日。按照{article}，这段时间不计入办理期限。书面告知在《特别程序告知书》（{notice}）里，可在“我的办件”中查看、下载，也可到窗口领取。",
    "“{item}”需{procedure}，预计{days}个工作日，不计入办理期限。告知书在“我的办件”或窗口领取。编号{number}：{link}",
];

const CASE_CLOCK_RESUMED: Texts = [
    "恢复计时：{item}",
    "您的“{item}”（{number}）{reason}，办理期限继续计算：原定最迟 {before}办结，现在最迟 {due}。查进度：{link}",
    "“{item}”{reason}，继续办理，现在最迟{due}办结。编号{number}：{link}",
];

const CASE_EXTENDED: Texts = [
    "延长办理期限：{item}",
    "您的“{item}”（{number}）经批准延长 {days} 个工作日：原定最迟 {before}办结，现在最迟 {due}。理由写在《延长审批期限告知书》（{notice}）里，可在“我的办件”中查看、下载，也可到窗口领取。",
    "“{item}”经批准延长{days}个工作日，最迟{due}办结，理由见告知书（“我的办件”或窗口领取）。编号{number}：{link}",
];

const CASE_DEADLINE_MOVED: Texts = [
    "办结日期调整：{item}",
    "您的“{item}”（{number}）的办结日期有调整：原定最迟 {before}办结，现在最迟 {due}。原因：{reason}。您不用做什么。查进度：{link}",
    "“{item}”办结日期由{before}调整为{due}，原因：{reason}。编号{number}：{link}",
];

const CASE_CORRECTION_REMINDER: Texts = [
    "提醒补正：{item}",
    "您的“{item}”（{number}）还有 {count} 处没有补正，请{until}补齐。需要补正的内容写在《一次性补正告知书》里，可在“我的办件”中查看、提交，也可到窗口补正。",
    "提醒：“{item}”还有{count}处没有补正，请{until}补齐，可在“我的办件”或窗口补正。编号{number}：{link}",
];

const CASE_SUPPLEMENT_REMINDER: Texts = [
    "提醒补交材料：{item}",
    "您的“{item}”（{number}）还欠 {count} 份容缺材料，请{until}补交，补齐以前不能办结。可在“我的办件”中补交，也可到任一窗口补交。",
    "提醒：“{item}”还欠{count}份材料，请{until}补交，可在“我的办件”或窗口补交。编号{number}：{link}",
];

const CASE_GRANTED: Texts = [
    "准予：{item}",
    "您的“{item}”（{number}）已作出准予的决定。《准予决定书》（{notice}）可在“我的办件”中查看、下载。您选择的送达方式：{delivery}。",
    "您的“{item}”已准予，送达方式：{delivery}。决定书在“我的办件”。编号{number}：{link}",
];

const CASE_REFUSED: Texts = [
    "不予：{item}",
    "您的“{item}”（{number}）已作出不予的决定。理由、依据和救济途径写在《不予决定书》（{notice}）里，可在“我的办件”中查看、下载，也可到窗口领取。不服的，可以依法申请行政复议或者提起行政诉讼，期限见决定书。",
    "“{item}”已作出不予的决定，理由和救济途径见决定书（“我的办件”或窗口领取）。编号{number}：{link}",
];

const CASE_LICENCE_ISSUED: Texts = [
    "{result}已制作",
    "您的“{item}”（{number}）的{result}已制作。您选择的送达方式：{delivery}。窗口领取请带身份证件；代领请带双方身份证件和委托书。",
    "您的{result}已制作，送达方式：{delivery}。窗口领取请带身份证件。编号{number}：{link}",
];

const CASE_DELIVERED: Texts = [
    "已办结：{item}",
    "您的“{item}”（{number}）已办结，结果已送达（{delivery}）。欢迎评价这次服务，不用登录：{rate} 评价不公开您的身份，工作人员看不到是谁评的。",
    "您的“{item}”已办结。欢迎评价这次服务（工作人员看不到是谁评的）：{rate}",
];

const CASE_WITHDRAWN: Texts = [
    "已撤回：{item}",
    "您的“{item}”（{number}）已按您的申请撤回，《撤回申请确认书》（{notice}）可在“我的办件”中查看、下载。需要时可以重新申请，以前的材料可以直接选用。评价这次服务：{rate}",
    "“{item}”已按您的申请撤回。编号{number}",
];

const CASE_TERMINATED: Texts = [
    "终止办理：{item}",
    "您的“{item}”（{number}）已终止办理。理由、依据和救济途径写在《终止办理决定书》（{notice}）里，可在“我的办件”中查看、下载，也可到窗口领取。不服的，可以依法申请行政复议或者提起行政诉讼，期限见决定书。评价这次服务：{rate}",
    "“{item}”已终止办理，决定书（含救济途径）在“我的办件”或窗口领取。评价：{rate}",
];

const CASE_REPLY: Texts = [
    "有新的留言：{item}",
    "工作人员在您的“{item}”（{number}）里给您留了言，请到“我的办件”中查看和回复。",
    "“{item}”有工作人员的新留言，请到“我的办件”查看。编号{number}：{link}",
];

const CASE_PROCESS: Texts = [
    "请留意：{item}",
    "您的“{item}”（{number}）办到这一步，请留意：{message}。查进度：{link}",
    "您的“{item}”：{message}。编号{number}：{link}",
];

const LICENCE_REVOKED: Texts = [
    "{result}已注销",
    "您的{result}（编号 {number}）已由{organisation}注销，不能再使用。理由和依据请到窗口或拨打 {telephone} 询问。不服的，可以依法申请行政复议或者提起行政诉讼。",
    "您的{result}（编号{number}）已由{organisation}注销，不能再使用。理由和救济途径请到窗口或拨打{telephone}询问。",
];

const LICENCE_ORIGINAL: Texts = [
    "{result}正本已发",
    "您承诺的事项经核查属实，{organisation}已发给{result}（编号 {number}）正本，副本不再使用。正本可以在“我的证照”里下载，也可以带身份证件到窗口领取。",
    "您承诺的事项经核查属实，{organisation}已发给{result}（编号{number}）正本，请在“我的证照”里下载或到窗口领取。",
];

const CREDIT_RECORDED: Texts = [
    "记入失信名单：{item}",
    "因{ground}，您办理“{item}”（{number}）的情况已由{organisation}记入失信名单。修复以前不能用承诺书代替材料，也不能先受理后补材料；材料交齐的，照常办理。事实和理由在“我的信用”里，改正以后可以在那里申请修复；不服的，可以依法申请行政复议或者提起行政诉讼。",
    "您办理“{item}”的情况已由{organisation}记入失信名单。事实、理由和修复办法在“我的信用”里，不服的可以依法复议或诉讼。",
];

const CREDIT_REPAIRED: Texts = [
    "信用已修复：{item}",
    "{organisation}已经修复您办理“{item}”（{number}）的失信记录，这条记录不再限制您用承诺书代替材料、先受理后补材料。",
    "{organisation}已修复您办理“{item}”的失信记录，这条记录不再限制您。",
];

const CREDIT_DECLINED: Texts = [
    "不予修复：{item}",
    "{organisation}没有同意修复您办理“{item}”（{number}）的失信记录，理由在“我的信用”里。改正以后可以再次申请；不服的，可以依法申请行政复议或者提起行政诉讼。",
    "{organisation}没有同意修复您办理“{item}”的失信记录，理由在“我的信用”里，改正后可以再申请。",
];

const JOINT_ARRANGED: Texts = [
    "{procedure}：{item}",
    "您的“{item}”（一件事编号 {number}）约在 {appointment} 进行{procedure}，几个单位一起来，只看一次。地点和参加的事项在“我的”里这件事的页面上，请您或您委托的人到场。时间不合适的，请拨打 {telephone}。",
    "“{item}”约在{appointment}{procedure}，请到场。地点在“我的”里看。编号{number}：{link}",
];

const JOINT_CANCELLED: Texts = [
    "{procedure}取消：{item}",
    "您的“{item}”（一件事编号 {number}）原定 {appointment} 的{procedure}取消了，原因在“我的”里这件事的页面上。重新安排以后会再告诉您。",
    "“{item}”原定{appointment}的{procedure}取消，重新安排后再告诉您。编号{number}：{link}",
];

const JOINT_RECTIFY: Texts = [
    "需要整改：{item}",
    "{organisation}在您的“{item}”（一件事编号 {number}）的{procedure}中提出整改，请在 {due}前改好。要改什么写在“我的”里这件事的页面上，改好以后会再看一次。",
    "“{item}”{procedure}后{organisation}提出整改，请在{due}前改好，内容在“我的”里看。编号{number}：{link}",
];

const JOINT_PART_ENDED: Texts = [
    "“{result}”没有开办：{item}",
    "您的“{item}”（一件事编号 {number}）里的“{result}”没有开办，原因在“我的”里这件事的页面上。改正以后可以重新申请，其他各项不受影响。",
    "“{item}”里的“{result}”没有开办，原因在“我的”里看，其他各项不受影响。编号{number}：{link}",
];

const SUPERVISION_ARRIVED: Texts = [
    "监管任务待签收：{item}",
    "{organisation}准予了“{item}”（{number}），由本部门监管，请在{due}前签收。签收表示已经知道这项决定，纳入监管。办理：{page}",
    "监管任务待签收：“{item}”（{number}），请在{due}前登录工作台签收。",
];

const SUPERVISION_RETURNED: Texts = [
    "核查不属实，请处理：{item}",
    "监管部门核查“{item}”（{number}），结论是不属实。请{organisation}在{due}前依法处理，并写明处理结论。办理：{page}",
    "核查不属实：“{item}”（{number}），请在{due}前登录工作台处理。",
];

const SUPERVISION_DUE_SOON: Texts = [
    "监管任务快到期：{item}",
    "“{item}”（{number}）的监管任务请在{due}前{deed}，现在还没有办。办理：{page}",
    "监管任务快到期：“{item}”（{number}），请在{due}前{deed}。",
];

const SUPERVISION_OVERDUE: Texts = [
    "监管任务已超期：{item}",
    "“{item}”（{number}）的监管任务应当在{due}前{deed}，已经超期，请马上办理。监督人员看得到这一条。办理：{page}",
    "监管任务已超期：“{item}”（{number}），应当在{due}前{deed}，请马上办理。",
];

const FINDING_NOTIFIED: Texts = [
    "监察线索请说明：{violation}",
    "有一条关于{organisation}的监察线索：{violation}。请在{due}前说明情况；符合容错条件的，可以同时申请容错。办理：{page}",
    "监察线索请说明：{violation}（{organisation}），请在{due}前登录工作台说明。",
];

const FINDING_RECTIFY: Texts = [
    "监察线索请整改：{violation}",
    "关于{organisation}的监察线索“{violation}”要整改，请在{due}前改好，并报告整改情况。办理：{page}",
    "监察线索请整改：{violation}（{organisation}），请在{due}前改好并报告。",
];

const FINDING_DUE_SOON: Texts = [
    "监察线索快到期：{violation}",
    "关于{organisation}的监察线索“{violation}”请在{due}前{deed}，现在还没有办。办理：{page}",
    "监察线索快到期：{violation}（{organisation}），请在{due}前{deed}。",
];

const FINDING_OVERDUE: Texts = [
    "监察线索已超期：{violation}",
    "关于{organisation}的监察线索“{violation}”应当在{due}前{deed}，已经超期。不说明的，监督人员可以直接认定。办理：{page}",
    "监察线索已超期：{violation}（{organisation}），应当在{due}前{deed}，请马上办理。",
];

const FINDING_CLOSED: Texts = [
    "监察线索已办结：{violation}",
    "关于{organisation}的监察线索“{violation}”已经办结，认定结论：{result}。理由在线索的页面上。查看：{page}",
    "监察线索已办结：{violation}（{organisation}），认定结论：{result}。",
];

pub(super) fn text(name: TemplateName) -> TemplateText {
    let [subject, body, sms] = match name {
        TemplateName::CaseReceived => CASE_RECEIVED,
        TemplateName::CaseCorrection => CASE_CORRECTION,
        TemplateName::CaseAccepted => CASE_ACCEPTED,
        TemplateName::CaseAcceptedConditionally => CASE_ACCEPTED_CONDITIONALLY,
        TemplateName::CaseNotAccepted => CASE_NOT_ACCEPTED,
        TemplateName::CaseTransferred => CASE_TRANSFERRED,
        TemplateName::CaseClockStopped => CASE_CLOCK_STOPPED,
        TemplateName::CaseClockResumed => CASE_CLOCK_RESUMED,
        TemplateName::CaseExtended => CASE_EXTENDED,
        TemplateName::CaseDeadlineMoved => CASE_DEADLINE_MOVED,
        TemplateName::CaseCorrectionReminder => CASE_CORRECTION_REMINDER,
        TemplateName::CaseSupplementReminder => CASE_SUPPLEMENT_REMINDER,
        TemplateName::CaseGranted => CASE_GRANTED,
        TemplateName::CaseRefused => CASE_REFUSED,
        TemplateName::CaseLicenceIssued => CASE_LICENCE_ISSUED,
        TemplateName::CaseDelivered => CASE_DELIVERED,
        TemplateName::CaseWithdrawn => CASE_WITHDRAWN,
        TemplateName::CaseTerminated => CASE_TERMINATED,
        TemplateName::CaseReply => CASE_REPLY,
        TemplateName::CaseProcess => CASE_PROCESS,
        TemplateName::LicenceRevoked => LICENCE_REVOKED,
        TemplateName::LicenceOriginal => LICENCE_ORIGINAL,
        TemplateName::CreditRecorded => CREDIT_RECORDED,
        TemplateName::CreditRepaired => CREDIT_REPAIRED,
        TemplateName::CreditDeclined => CREDIT_DECLINED,
        TemplateName::JointArranged => JOINT_ARRANGED,
        TemplateName::JointCancelled => JOINT_CANCELLED,
        TemplateName::JointRectify => JOINT_RECTIFY,
        TemplateName::JointPartEnded => JOINT_PART_ENDED,
        TemplateName::SupervisionArrived => SUPERVISION_ARRIVED,
        TemplateName::SupervisionReturned => SUPERVISION_RETURNED,
        TemplateName::SupervisionDueSoon => SUPERVISION_DUE_SOON,
        TemplateName::SupervisionOverdue => SUPERVISION_OVERDUE,
        TemplateName::FindingNotified => FINDING_NOTIFIED,
        TemplateName::FindingRectify => FINDING_RECTIFY,
        TemplateName::FindingDueSoon => FINDING_DUE_SOON,
        TemplateName::FindingOverdue => FINDING_OVERDUE,
        TemplateName::FindingClosed => FINDING_CLOSED,
    };
    TemplateText {
        subject: subject.to_owned(),
        body: body.to_owned(),
        sms: sms.to_owned(),
    }
}
