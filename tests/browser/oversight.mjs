// 电子监察 as people live it: what did not enter the hall, a department's register with a decision that nobody knows, its
// explanation with 容错, the decision, the mending; and a clerk who reports an own mistake.
import { PLAIN, accepted, assert, get, inspect, inspectWidths, mainText, press, refused, test } from "./check.mjs";
import { done, newCitizen, newStaff, applyFor, openCase, until } from "./life.mjs";
import { workbook } from "./sheet.mjs";
import { PASSWORD, signInStaff } from "./people.mjs";

const MISSING = "企业投资项目备案";
const FINDINGS = "/staff/oversight";
const HEAD = ["文书编号", "事项编码或名称", "决定日期", "申请人证件号码（可不填）"];
const ITEM = "烟草专卖零售许可证新办";
const DEPARTMENT = "烟草专卖局";
const DOCUMENT = "紫烟许〔2026〕77号";
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Today as forms write it, in China. */
const today = () => new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);

/** Opens a department's page from the overview. */
async function openDepartment(house, page, name) {
  await get(page, house, "/staff/entries");
  await press(page, page.getByRole("link", { name, exact: true }));
}

export async function tell(scene) {
  const { house, browser } = scene;
  const supervisor = await newStaff(scene, "supervisor");
  const head = await newStaff(scene, "yczm-approve");
  let finding;

  await test("oversight: the hall says what entered, what is exempted and what is missing", async () => {
    await get(supervisor, house, "/staff/entries");
    const text = await mainText(supervisor);
    assert(text.includes("应进未进") && text.includes("审批授权到位"), text);
    await inspectWidths(supervisor, "oversight-entries");
    await openDepartment(house, supervisor, "林业局");
    assert((await mainText(supervisor)).includes("没有登记首席代表的书面授权"), await mainText(supervisor));
    await inspectWidths(supervisor, "oversight-department");
    await supervisor.locator("summary:has-text('登记授权')").click();
    await press(supervisor, "button:has-text('登记授权')");
    await refused(supervisor, "请选择本部门在审批岗位上的人");
    await supervisor.selectOption("[name=person]", { index: 1 });
    for (const scope of ["accept", "decide", "seal"]) await supervisor.check(`[name=scope][value=${scope}]`);
    await supervisor.fill("[name=from]", today());
    await press(supervisor, "button:has-text('登记授权')");
    await refused(supervisor, "文件名称");
    assert(await supervisor.isChecked("[name=scope][value=seal]"), "the ticks are gone after the error");
    await inspect(supervisor, "oversight-department-refused");
    await supervisor.fill("[name=document]", "演示：林业局首席代表授权书");
    await press(supervisor, "button:has-text('登记授权')");
    await accepted(supervisor);
    assert((await mainText(supervisor)).includes("首席代表得到受理、审批、用章的书面授权"), await mainText(supervisor));
  });

  await test("oversight: several are ticked with the keyboard and passed on at once, and whoever answers for them hears of it", async () => {
    await until(supervisor, `${house.origin}${FINDINGS}?rule=not_entered`, MISSING);
    const boxes = supervisor.locator("main tbody input[name=finding]");
    await boxes.first().focus();
    await supervisor.keyboard.press("Space");
    await supervisor.locator("summary:has-text('一起办理')").focus();
    await supervisor.keyboard.press("Enter");
    await press(supervisor, "button:has-text('办理勾选的线索')");
    await refused(supervisor, "请选择怎样办理");
    assert(await boxes.first().isChecked(), "the tick is gone after the error");
    await inspectWidths(supervisor, "oversight-many-refused");
    await supervisor.check("[name=deed][value=notify]");
    await press(supervisor, "button:has-text('办理勾选的线索')");
    assert((await mainText(supervisor)).includes("1 条中办成 1 条"), await mainText(supervisor));
    await inspectWidths(supervisor, "oversight-many");
  });

  await test("oversight: the kinds bear the county's own words", async () => {
    await get(supervisor, house, `${FINDINGS}/kinds`);
    await supervisor.selectOption("[name=number]", "30");
    await supervisor.fill("[name=name]", "服务态度恶劣");
    await press(supervisor, "button:has-text('保存')");
    await refused(supervisor, "请写明修改的理由");
    await supervisor.fill("[name=reason]", "演示：监察办法第八条");
    await press(supervisor, "button:has-text('保存')");
    await accepted(supervisor);
    assert((await mainText(supervisor)).includes("第30种“服务态度恶劣”"), await mainText(supervisor));
    await inspectWidths(supervisor, "oversight-kinds");
  });

  await test("oversight: what did not enter is found, and enters", async () => {
    await until(supervisor, `${house.origin}${FINDINGS}`, MISSING);
    await inspectWidths(supervisor, "oversight-list");
    await press(supervisor, supervisor.locator("main tbody tr", { hasText: MISSING }).locator("a").first());
    assert((await mainText(supervisor)).includes("既没有进驻大厅，也没有批准不进驻"), await mainText(supervisor));
    await inspectWidths(supervisor, "oversight-found");
    await openDepartment(house, supervisor, "发展和改革局");
    await press(supervisor, supervisor.getByRole("link", { name: MISSING }));
    await press(supervisor, "button:has-text('登记不进驻')");
    await refused(supervisor, "请选择不进驻的理由");
    await inspect(supervisor, "oversight-item-refused");
    await supervisor.selectOption("[name=place]", { index: 1 });
    await supervisor.fill("[name=from]", today());
    await supervisor.fill("[name=document]", "演示：关于补充进驻事项的通知");
    await press(supervisor, "section:has(#enter-title) button[type=submit]");
    await accepted(supervisor);
    assert(!(await mainText(supervisor)).includes("应进未进"), "it is still missing");
  });

  await test("oversight: a register with a wrong cell is not compared; a right one finds what nobody knows", async () => {
    await get(supervisor, house, `${FINDINGS}/register`);
    await inspectWidths(supervisor, "oversight-register");
    const bring = async (rows) => {
      await supervisor.selectOption("[name=department]", { label: DEPARTMENT });
      await supervisor.setInputFiles("[name=sheet]", { name: "台账.xlsx", mimeType: XLSX, buffer: workbook([HEAD, ...rows]) });
      await press(supervisor, "button:has-text('上传比对')");
    };
    await bring([[DOCUMENT, "没有这个事项", today(), ""]]);
    await refused(supervisor, "要修改");
    assert((await mainText(supervisor)).includes("第2行“事项编码或名称”"), await mainText(supervisor));
    await inspect(supervisor, "oversight-register-refused");
    await bring([[DOCUMENT, ITEM, today(), ""]]);
    await until(supervisor, supervisor.url(), "打开线索");
    await inspectWidths(supervisor, "oversight-round");
    await press(supervisor, supervisor.getByRole("link", { name: "打开线索" }));
    finding = supervisor.url();
    assert((await mainText(supervisor)).includes(DOCUMENT), await mainText(supervisor));
    await press(supervisor, "button:has-text('交办')");
    await accepted(supervisor);
    assert((await mainText(supervisor)).includes("待说明"), await mainText(supervisor));
  });

  await test("oversight: the department explains and applies for leniency, is excused and mends", async () => {
    await get(head, house, FINDINGS);
    await press(head, head.getByRole("link", { name: "体外审批" }).first());
    await head.fill("[name=text]", "系统上线当天断网，先用纸质办理，没有及时补录。");
    await head.check("[name=lenient]");
    await head.check("[name=conditions][value=no_private_gain]");
    await press(head, "button:has-text('提交说明')");
    await refused(head, "还有4个没有勾选");
    assert((await head.inputValue("[name=text]")).includes("断网"), "the text is gone after the error");
    await inspectWidths(head, "oversight-answer-refused");
    for (const box of await head.$$("[name=conditions]")) await box.check();
    await head.fill("[name=leniency_reason]", "首次断网没有先例，当天报告，没有收费，没有造成损失。");
    await press(head, "button:has-text('提交说明')");
    await accepted(head);
    await supervisor.goto(finding);
    await press(supervisor, "main button:has-text('认定')");
    await refused(supervisor, "请选择认定结论");
    await supervisor.check("[name=verdict][value=exempted]");
    const later = new Date(Date.now() + 7 * 24 * 3600_000).toISOString().slice(0, 10);
    await supervisor.fill("[name=rectify_by]", later);
    await supervisor.fill("[name=reason]", "符合容错条件，限期补录。");
    await press(supervisor, "main button:has-text('认定')");
    await accepted(supervisor);
    await inspect(supervisor, "oversight-rectifying");
    await head.goto(finding);
    await head.fill("[name=report]", "已经补录，并补发了电子证照。");
    await press(head, "button:has-text('报告整改')");
    await accepted(head);
    await supervisor.goto(finding);
    await inspectWidths(supervisor, "oversight-confirm");
    await press(supervisor, "button:has-text('确认整改，办结')");
    await accepted(supervisor);
    assert((await mainText(supervisor)).includes("容错免责"), await mainText(supervisor));
    await get(supervisor, house, `${FINDINGS}/figures`);
    assert((await mainText(supervisor)).includes("台账比对"), await mainText(supervisor));
    await inspectWidths(supervisor, "oversight-figures");
  });

  await test("oversight: a clerk reports an own mistake, on a phone and without JavaScript", async () => {
    const citizen = await newCitizen(scene, "钱小报");
    const receipt = await applyFor(house, citizen, { everything: true });
    const clerk = await newStaff(scene, "yczm-clerk");
    await openCase(house, clerk, receipt.number);
    await done(clerk, "受理");
    await clerk.context().close();
    const context = await browser.newContext(PLAIN);
    const plain = await context.newPage();
    await signInStaff(plain, house.origin, "yczm-clerk", PASSWORD);
    await get(plain, house, `${FINDINGS}/report`);
    await press(plain, "button:has-text('报告')");
    assert((await mainText(plain)).includes("请选择问题种类"), await mainText(plain));
    await plain.selectOption("[name=kind]", "27");
    await plain.fill("[name=case_number]", receipt.number);
    await plain.fill("[name=happened_on]", today());
    await plain.fill("[name=facts]", "一次性告知时漏说了一项材料，当天电话补告知。");
    await press(plain, "button:has-text('报告')");
    const text = await mainText(plain);
    assert(text.includes("主动报告") && text.includes("待认定"), text);
    await context.close();
    await citizen.page.context().close();
    await get(supervisor, house, `${FINDINGS}?rule=self_report`);
    assert((await mainText(supervisor)).includes("未一次性告知"), await mainText(supervisor));
  });

  await test("oversight: an inspection is entered by hand, and a round is asked for", async () => {
    await get(supervisor, house, `${FINDINGS}/new`);
    await press(supervisor, "button:has-text('登记线索')");
    await refused(supervisor, "请选择来源");
    await inspectWidths(supervisor, "oversight-enter");
    await supervisor.check("[name=rule][value=inspection]");
    await supervisor.selectOption("[name=organisation]", { label: DEPARTMENT });
    await supervisor.selectOption("[name=kind]", "31");
    await supervisor.fill("[name=account]", "yczm-clerk");
    await supervisor.fill("[name=happened_on]", today());
    await supervisor.fill("[name=facts]", "上午十点窗口无人，也没有B岗。");
    await press(supervisor, "button:has-text('登记线索')");
    await accepted(supervisor);
    assert((await mainText(supervisor)).includes("脱岗离岗"), await mainText(supervisor));
    await get(supervisor, house, `${FINDINGS}/rounds`);
    await inspectWidths(supervisor, "oversight-rounds");
    await press(supervisor, "button:has-text('现在核对')");
    await until(supervisor, supervisor.url(), "新线索");
    await inspect(supervisor, "oversight-round-rules");
    await supervisor.context().close();
    await head.context().close();
  });
}
