// Asks npm chinese-days: one line per day of 2004-2026, then one due date per line of standard input.
// The protocol is described in chinesecalendar.py beside this file. The package is resolved from the folder given as
// the first argument, because it is installed outside the source tree.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.argv[2] + "/peer.js");
const { isWorkday, getDayDetail } = require("chinese-days").default ?? require("chinese-days");

// Read before printing: the asker writes everything first, and two full pipes would wait for each other.
const questions = readFileSync(0, "utf8").split("\n").filter(Boolean);

const next = (day) => {
  const date = new Date(day + "T00:00:00Z");
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
};

const dueDate = (line) => {
  const [start, limit, ...stops] = line.split(" ");
  let day = start;
  let left = Number(limit);
  while (left > 0) {
    day = next(day);
    let stopped = false;
    for (let index = 0; index < stops.length; index += 2) {
      stopped ||= stops[index] <= day && day <= stops[index + 1];
    }
    if (isWorkday(day) && !stopped) left -= 1;
  }
  return day;
};

const output = [];
for (let day = "2004-01-01"; day < "2027"; day = next(day)) {
  // A day with a holiday is named "English,中文,days"; a plain day carries its weekday's name alone.
  const detail = getDayDetail(day);
  const named = !detail.work && detail.name.includes(",");
  output.push(`${day} ${isWorkday(day) ? 1 : 0} ${named ? 1 : 0}`);
}
output.push("due");
for (const line of questions) output.push(dueDate(line));
console.log(output.join("\n"));
