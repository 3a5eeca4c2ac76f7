// 村初审→镇审核→县审批, one seal: the village examines on a phone, the town does not agree, nothing can be granted; after it was looked
// at again the county decides, and the ledger of the seal names every level.
import { PHONE, accepted, assert, get, inspect, inspectWidths, mainText, press, refused, test } from "./check.mjs";
import { act, applyFor, done, newCitizen, newStaff, openCase } from "./life.mjs";

const ITEM = "乡村建设规划许可证核发";
const OFFICE = { clerk: "zrzy-clerk", reviewer: "zrzy-review", approver: "zrzy-approve" };

export async function tell(scene) {
  const { house } = scene;
  let receipt;
  let reviewer;
  let town;
  let approver;

  await test("levels: the village finds its task on a phone, and only while it is its own", async () => {
    const citizen = await newCitizen(scene, "陈建房");
    receipt = await applyFor(house, citizen, { item: ITEM, everything: true });
    const clerk = await newStaff(scene, OFFICE.clerk);
    await openCase(house, clerk, receipt.number);
    await done(clerk, "受理");
    assert((await mainText(clerk)).includes("村初审"), "the first level does not show");
    const village = await newStaff(scene, "village01", PHONE);
    await get(village, house, "/staff/cases?view=unclaimed");
    assert((await mainText(village)).includes("村初审"), "the village does not find its task");
    await inspect(village, "phone-village-list");
    await get(village, house, `/staff/cases/${receipt.case}`);
    await inspect(village, "phone-village-task");
    await act(village, "完成村初审");
    await refused(village, "意见");
    await done(village, "完成村初审", { opinion: "村民代表会议同意，四邻无异议。" });
    const other = await newStaff(scene, "village02", PHONE);
    await get(other, house, `/staff/cases/${receipt.case}`, 403);
  });

  await test("levels: while the town does not agree nothing can be granted", async () => {
    town = await newStaff(scene, "town01-review");
    await get(town, house, "/staff/cases?view=unclaimed");
    await press(town, town.locator(`main tr[data-open$='${receipt.case}'] a`).first());
    await done(town, "完成镇审核", { opinion: "离公路太近。", disagrees: "true" });
    reviewer = await newStaff(scene, OFFICE.reviewer);
    for (const step of ["现场踏勘", "审查"]) {
      await openCase(house, reviewer, receipt.number);
      await done(reviewer, `完成${step}`, { opinion: "符合规划。" });
    }
    approver = await newStaff(scene, OFFICE.approver);
    await openCase(house, approver, receipt.number);
    const text = await mainText(approver);
    assert(text.includes("“镇审核”不同意：不能准予，也不能用印"), text.slice(0, 600));
    assert(text.includes("镇审核 · 不同意"), "the opinion does not say that it disagrees");
    assert((await approver.locator("form[action$='/grant']").count()) === 0, "what cannot be done is offered");
    await inspect(approver, "desk-level-against");
    await inspectWidths(approver, "level-against", [390]);
  });

  await test("levels: looked at again, every level agrees and the seal's ledger names them", async () => {
    await act(approver, "退回", { step: "town", reason: "已退让公路红线，请再看。" });
    await accepted(approver);
    await get(town, house, "/staff/cases?view=unclaimed");
    await press(town, town.locator(`main tr[data-open$='${receipt.case}'] a`).first());
    await done(town, "完成镇审核", { opinion: "已退让，同意。" });
    for (const step of ["现场踏勘", "审查"]) {
      await openCase(house, reviewer, receipt.number);
      await done(reviewer, `完成${step}`, { opinion: "符合规划。" });
    }
    await openCase(house, approver, receipt.number);
    await done(approver, "准予", { opinion: "准予许可。" });
    const supervisor = await newStaff(scene, "supervisor");
    await get(supervisor, house, "/staff/licences/seals");
    const text = await mainText(supervisor);
    for (const level of ["村初审：同意", "镇审核：同意", "现场踏勘：同意", "决定：同意"]) assert(text.includes(level), `${level} is not named: ${text.slice(0, 800)}`);
    await inspect(supervisor, "desk-seals");
    await inspectWidths(supervisor, "seals", [390]);
  });
}
