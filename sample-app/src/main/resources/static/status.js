/** The live status, read from the actuator every few seconds while the page is visible. */

import { element, requestJson } from "./http.js";

const INTERVAL_MILLISECONDS = 5_000;

const PROTECTIONS = {
  "memory-lock": "Locked in RAM, never swapped",
  "dump-exclusion": "Left out of core dumps",
  "fork-exclusion": "Not inherited by child processes",
  "guard-pages": "Guard pages on both sides",
  "no-access-at-rest": "No access while at rest",
  "core-dumps-disabled": "No core dumps of the whole process",
  "memfd-secret": "Hidden even from root",
  "ptrace-scope": "Debuggers kept away",
  "swap": "Swap of the machine",
  "hibernation": "Hibernation of the machine",
  "attach": "Tools kept from attaching",
  "heap-dump-on-oom": "Heap dump when out of memory",
  "capabilities": "Rights of the process",
};

const PROTECTION_STATES = { ACTIVE: "good", FAILED: "error", OFF: "quiet", RISK: "warn" };
const HEALTH_STATES = { UP: "good", DOWN: "error", OUT_OF_SERVICE: "error" };
const HEALTH_WORDS = { UP: "Up", DOWN: "Down", OUT_OF_SERVICE: "Out of service", UNKNOWN: "Unknown" };
/** Counts that are zero unless something is wrong. */
const ALARMS = [
  ["canaryViolationsTotal", "canaries damaged"],
  ["liveUnlocked", "not locked"],
  ["degradedTotal", "less protected than asked for"],
  ["leakedTotal", "leaked"],
];

const NATIVE_ACCESS = { ffm: "foreign function and memory API", jna: "JNA" };

const byId = (id) => document.getElementById(id);
const word = (text) => text.charAt(0) + text.slice(1).toLowerCase();

function bytes(count) {
  const [value, unit] = count < 1024 ? [count, "B"] : count < 1024 ** 2 ? [count / 1024, "KiB"] : [count / 1024 ** 2, "MiB"];
  return `${Number(value.toFixed(1)).toLocaleString("en")} ${unit}`;
}

function check(name, stateText, state, detail) {
  const item = element("li", "");
  item.append(element("span", name, "name"), element("span", stateText, "state", state));
  if (detail) {
    item.append(element("span", detail, "detail"));
  }
  return item;
}

function showProtection(protection) {
  byId("protection").replaceChildren(...protection.items.map((item) => check(
    PROTECTIONS[item.name] ?? item.name,
    word(item.state),
    PROTECTION_STATES[item.state] ?? "unknown",
    [item.detail, item.remedy].filter(Boolean).join(" "),
  )));
}

function figure(label, value, alarm = false) {
  const box = element("div", "", alarm ? "alarm" : "");
  box.append(element("dt", label), element("dd", typeof value === "number" ? value.toLocaleString("en") : value));
  return box;
}

function showSession({ nativeAccess, counts, memory }) {
  byId("native-access").textContent = `by ${NATIVE_ACCESS[nativeAccess] ?? nativeAccess}`;
  byId("figures").replaceChildren(
    figure("secrets alive", counts.liveSecrets),
    figure("memory locked", bytes(memory.lockedBytes)),
    figure("created", counts.createdTotal),
    figure("released", counts.closedTotal),
    figure("wiped, for reuse", counts.idleRegions),
    figure("purges", counts.purgesTotal),
    ...ALARMS.filter(([count]) => counts[count] > 0).map(([count, label]) => figure(label, counts[count], true)),
  );
  showBudget(memory);
}

/** Without a limit the answer has none, or null. */
function showBudget({ lockedBytes, lockLimitBytes }) {
  const limited = typeof lockLimitBytes === "number";
  byId("budget").hidden = !limited;
  if (limited) {
    const percent = lockLimitBytes === 0 ? 100 : (100 * lockedBytes) / lockLimitBytes;
    byId("budget-text").textContent = `${bytes(lockedBytes)} of ${bytes(lockLimitBytes)} that may be locked`;
    byId("budget-bar").value = percent;
  }
}

function healthDetail(name, { details }) {
  return name === "securememory" ? [details?.error, details?.warning, details?.remedy].filter(Boolean).join("; ") : details?.error;
}

function showHealth(health) {
  const components = Object.entries(health.components ?? {})
    .sort(([a], [b]) => (b === "securememory") - (a === "securememory") || a.localeCompare(b));
  byId("health").replaceChildren(...components.map(([name, component]) => check(
    name,
    HEALTH_WORDS[component.status] ?? component.status,
    HEALTH_STATES[component.status] ?? "unknown",
    healthDetail(name, component),
  )));
  showOverall(HEALTH_WORDS[health.status] ?? health.status, HEALTH_STATES[health.status] ?? "unknown");
}

function showOverall(text, state) {
  const pill = byId("overall");
  if (byId("overall-text").textContent !== text) {
    byId("overall-text").textContent = text;
    pill.dataset.state = state;
  }
}

/** What was shown before stays, marked as old. */
function markStale(stale) {
  ["protection", "figures", "budget", "health"].forEach((id) => byId(id).classList.toggle("stale", stale));
}

async function refresh() {
  const error = byId("status-error");
  try {
    const [session, health] = await Promise.all([
      requestJson("actuator/securememory"),
      requestJson("actuator/health", {}, [503]),
    ]);
    showProtection(session.protection);
    showSession(session);
    showHealth(health);
    byId("updated").textContent = `updated ${new Date().toLocaleTimeString("en-GB")}`;
    error.hidden = true;
    markStale(false);
  } catch (failure) {
    showOverall(failure.title ?? "No status", "error");
    error.replaceChildren(
      element("strong", "No live status"),
      element("span", `${failure.detail ?? failure} Trying again every ${INTERVAL_MILLISECONDS / 1000} s.`),
    );
    error.hidden = false;
    markStale(true);
  }
}

async function run() {
  if (!document.hidden) {
    await refresh();
  }
  setTimeout(run, INTERVAL_MILLISECONDS);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    refresh();
  }
});

run();
