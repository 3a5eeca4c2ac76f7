// What the table editor says, in Chinese. A text that is not here would show in English, so the browser story looks for them.
const WORDS: Record<string, string> = {
  "Activate hand tool": "移动画面", "Activate lasso tool": "框选", "Add": "添加", "Add cell description": "给这一格加说明", "Add input": "加条件列", "Add input column left": "在左边加条件列",
  "Add input column right": "在右边加条件列", "Add output": "加结果列", "Add output column left": "在左边加结果列", "Add output column right": "在右边加结果列", "Add rule": "加一条规则",
  "Add rule above": "在上面加一条规则", "Add rule below": "在下面加一条规则", "Add values": "添加取值", "Add predefined values": "列出可选的值", "After": "晚于", "And": "并且", "Annotation": "依据", "Annotations": "依据",
  "Any": "相同：几条符合时结果要一样", "Before": "早于", "Between": "之间", "Boolean value": "是或否", "Change cell expression language": "改写法", "Change type": "改种类", "Clear predefined values": "不限取值",
  "Collect": "收集：列出所有符合的", "Collect (Count)": "计数：有几条符合", "Collect (Max)": "最大：取最大的结果", "Collect (Min)": "最小：取最小的结果", "Collect (Sum)": "相加：结果相加",
  "Collects the values of all matching rules": "列出所有符合的规则的结果", "Collects the values of all matching rules and counts the number of them": "数有几条规则符合",
  "Collects the values of all matching rules and sums up to a single value": "符合的规则的结果相加", "Collects the values of all matching rules and uses the highest value": "取最大的结果",
  "Collects the values of all matching rules and uses the lowest value": "取最小的结果", "Collects the values of all matching rules in decreasing output priority order": "按结果的重要程度列出所有符合的",
  "Collects the values of all matching rules in rule order": "按规则先后列出所有符合的", "Comparison": "比较", "Comparison operator": "怎么比", "Connect to other element": "连到另一个元素：再点那个元素",
  "Copy input column": "复制条件列", "Copy output column": "复制结果列", "Copy rule": "复制规则", "Custom values": "自己写的值", "Cut input column": "剪切条件列", "Cut output column": "剪切结果列", "Cut rule": "剪切规则",
  "Date": "日期", "Date and time": "日期和时间", "Date and time value": "日期和时间", "Date value": "日期", "Decision name": "决策的名称", "Decision name: ": "决策的名称：", "Decision table": "决策表", "Definition ID": "文件的标识",
  "Definition name": "文件的名称", "Delete": "删除", "Drag to resize": "拖动改宽度", "Duration value": "时长", "Edit": "修改", "Edit boolean": "改是或否", "Edit date": "改日期", "Edit date and time": "改日期和时间",
  "Edit duration": "改时长", "Edit end date": "改结束日期", "Edit end date and time": "改结束时间", "Edit end time": "改结束时间", "Edit input": "改条件列", "Edit number": "改数字", "Edit output": "改结果列",
  "Edit start date": "改开始日期", "Edit start date and time": "改开始时间", "Edit start time": "改开始时间", "Edit string": "改文字", "Edit time": "改时间",
  "Editing not supported for set expression language": "这种写法不能在这里改", "Element name": "名称", "Empty": "空白", "End date": "结束日期", "End date and time": "结束时间", "End time": "结束时间", "End value": "到", "Enter expression": "写名称或式子",
  "Equals": "等于", "Exactly": "正好", "Exclude": "不含", "Expression": "式子", "Expression language": "写法", "Expression language:": "写法：", "First": "从上往下：取第一条符合的", "Greater": "大于", "Greater or equals": "不小于",
  "Hit policy": "几条符合时", "Hit policy:": "几条符合时：", "Include": "含", "Input": "条件", "Input expression": "看哪个值", "Input expression: ": "看哪个值：", "Input label": "列的标题", "Input label: ": "列的标题：",
  "Input type": "种类", "Input values": "可选的值", "Less": "小于", "Less or equals": "不大于", "Literal expression": "式子", "Literal Expression": "式子", "Literal expression editor": "式子", "Match none": "都不是", "Match one": "其中之一",
  "Move Input": "移动条件列", "Move Output": "移动结果列", "Move rule": "移动规则", "No": "否", "No overlap is possible and all rules are disjoint. Only a single rule can be matched": "每种情况只有一条规则符合", "No values": "没有取值", "Open decision table": "打开决策表",
  "Open literal expression": "打开式子", "Output": "结果", "Output label": "列的标题", "Output label: ": "列的标题：", "Output name": "名称", "Output name: ": "名称：", "Output order": "按重要程度列出所有符合的", "Output type": "种类", "Output values": "可选的值",
  "Paste input column left": "在左边粘贴条件列", "Paste input column right": "在右边粘贴条件列", "Paste output column left": "在左边粘贴结果列", "Paste output column right": "在右边粘贴结果列", "Paste rule above": "在上面粘贴规则",
  "Paste rule below": "在下面粘贴规则", "Predefined values": "列出的值", "Priority": "取结果最重要的", "Range": "范围", "Range end operator": "结束含不含", "Range end value": "结束", "Range start operator": "开始含不含", "Range start value": "开始",
  "Remove cell description": "去掉这一格的说明", "Remove input column": "删除条件列", "Remove output column": "删除结果列", "Remove rule": "删除规则", "Resize": "改大小", "Rule order": "按先后列出所有符合的",
  "Rules may overlap. The first matching rule will be chosen": "从上往下，取第一条符合的", "Rules may overlap. The one with the highest priority will be chosen": "取符合的规则里结果最重要的", "Rules may overlap. Their output have to match": "可以有几条规则符合，但结果要一样",
  "Set date": "填日期", "Set date and time": "填日期和时间", "Set duration": "填时长", "Set time": "填时间", "Set value": "填值", "Start date": "开始日期", "Start date and time": "开始时间", "Start time": "开始时间", "Start value": "从", "String value": "文字",
  "Strings must be in double quotes": "文字要加半角双引号", "Test type": "怎么看", "Then": "那么", "Time": "时间", "Time value": "时间", "Type": "种类", "Unique": "唯一：只有一条符合", "Use now": "用现在", "Use today": "用今天", "Value": "值", "Values": "取值",
  "Variable name": "名称", "Variable name:": "名称：", "Variable type": "种类", "Variable type:": "种类：", "View DRD": "看决策图", "When": "当", "Yes": "是", "name": "名称", "e.g. { example } ": "例如 { example } ", "e.g. { sample }": "例如 { sample }",
  '"value", "value", ...': '"值", "值"', '"value"': '"值"',
};

/** The kinds of values, as the editor's lists show them: the list writes its entries as they are, so these are what the file holds. */
export const KINDS = ["string", "number", "boolean", "date", "Any"];

const translate = (text: string, values: Record<string, string> = {}): string =>
  (WORDS[text] ?? text).replace(/\{\s*([^}]+?)\s*\}/g, (whole, key: string) => values[key] ?? values[` ${key} `] ?? whole);

export const chinese = { translate: ["value", translate] };
