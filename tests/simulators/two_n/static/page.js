"use strict";

const TEXTS = {
  en: {
    title: "Door station", serial: "Serial number", powered: "power on", unpowered: "no power",
    network_up: "network", network_down: "network cut", channels: "listening", picture: "Camera picture",
    bell: "Ring", opened: "open – push to close", closed: "closed – push to open", strike: "strike", siren: "siren",
    practice: "In the practice", panic: "Panic button", rex: "Exit button", tamper: "Torn off the wall",
    phone: "Reception phone", answer: "Answer", hangup: "Hang up", dtmf: "Open by phone (11)", badge: "Badge",
    show: "Show it", trouble: "Trouble", cut_power: "Cut the power", restore_power: "Restore the power",
    cut_network: "Cut the network", restore_network: "Restore the network", drop: "Cut while events are fetched",
    latency: "Latency", switches: "Switches and outputs", log: "What happened", on: "on", off: "off",
    locked: "locked", held: "held", blocked: "blocked", switch: "switch", disabled: "disabled",
    connecting: "calling…", ringing: "ringing…", connected: "talking", lost: "The simulator does not answer.",
  },
  fr: {
    title: "Platine de rue", serial: "Numéro de série", powered: "sous tension", unpowered: "hors tension",
    network_up: "réseau", network_down: "réseau coupé", channels: "à l’écoute", picture: "Image de la caméra",
    bell: "Sonner", opened: "ouverte – pousser pour fermer", closed: "fermée – pousser pour ouvrir", strike: "gâche", siren: "sirène",
    practice: "Au cabinet", panic: "Bouton d’alerte", rex: "Bouton de sortie", tamper: "Platine arrachée",
    phone: "Téléphone de l’accueil", answer: "Répondre", hangup: "Raccrocher", dtmf: "Ouvrir par téléphone (11)", badge: "Badge",
    show: "Présenter", trouble: "Pannes", cut_power: "Couper le courant", restore_power: "Rétablir le courant",
    cut_network: "Couper le réseau", restore_network: "Rétablir le réseau", drop: "Couper pendant la lecture des événements",
    latency: "Latence", switches: "Commutateurs et sorties", log: "Ce qui s’est passé", on: "actif", off: "inactif",
    locked: "verrouillé", held: "maintenu", blocked: "bloqué", switch: "commutateur", disabled: "désactivé",
    connecting: "appel…", ringing: "ça sonne…", connected: "en communication", lost: "Le simulateur ne répond pas.",
  },
};
const ALARMS = new Set(["SilentAlarm", "UnauthorizedDoorOpen", "DoorOpenTooLong", "TamperSwitchActivated",
  "SwitchesBlocked", "LoginBlocked", "AccessLimited", "UserRejected"]);

const $ = (id) => document.getElementById(id);
let language = navigator.language.startsWith("fr") ? "fr" : "en";
let state = null;
const t = (key) => TEXTS[language][key];

async function act(name, body = {}) {
  try {
    const answer = await fetch(`/sim/${name}`, { method: "POST", body: JSON.stringify(body) });
    notice(answer.ok ? "" : (await answer.json()).error);
    show(await (await fetch("/sim/state?events=0")).json());
  } catch {
    notice(t("lost"));
  }
}

let fading;
function notice(text) {
  $("notice").textContent = text;
  clearTimeout(fading);
  if (text) fading = setTimeout(() => notice(""), 4000);
}

function translate() {
  document.documentElement.lang = language;
  document.title = t("title");
  $("language").textContent = language === "en" ? "FR" : "EN";
  $("camera").alt = t("picture");
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-a]")) element.ariaLabel = t(element.dataset.a);
  if (state) show(state);
}

function badge(id, good, text) {
  $(id).textContent = text;
  $(id).className = `badge ${good ? "" : "off"}`;
}

function lamp(id, on, locked = false) {
  $(id).classList.toggle("on", on);
  $(id).classList.toggle("locked", locked);
}

function line(name, words, on) {
  const item = document.createElement("li");
  const value = document.createElement("b");
  item.append(name, value);
  value.textContent = words;
  value.className = on ? "on" : "";
  return item;
}

function show(now) {
  state = now;
  $("name").textContent = now.name;
  $("serial").textContent = `${t("serial")} ${now.serial}`;
  badge("badge-power", now.power, t(now.power ? "powered" : "unpowered"));
  badge("badge-network", now.network.up, t(now.network.up ? "network_up" : "network_down"));
  $("badge-channels").textContent = `${now.channels} ${t("channels")}`;
  $("badge-channels").className = `badge ${now.channels ? "" : "idle"}`;
  $("station").classList.toggle("dark", !now.power);
  $("power").textContent = t(now.power ? "cut_power" : "restore_power");
  $("network").textContent = t(now.network.up ? "cut_network" : "restore_network");
  $("drop").classList.toggle("on", now.network.drop_pull);
  if (document.activeElement !== $("latency")) $("latency").value = now.network.latency_ms;
  $("latency-shown").textContent = `${now.network.latency_ms} ms`;

  const strike = now.switches.find((one) => one.opens_door);
  lamp("strike", Boolean(strike?.active), Boolean(strike?.locked || strike?.blocked));
  lamp("siren", Boolean(now.outputs[now.roles.siren]));
  $("door").classList.toggle("open", now.door === "opened");
  $("door-caption").textContent = t(now.door);
  for (const role of ["panic", "tamper"]) $(role).classList.toggle("on", Boolean(now.inputs[now.roles[role]]));

  const call = now.calls.at(-1);
  $("call").textContent = call ? t(call.state) : "";
  const keys = Object.keys(now.buttons);
  if ($("bells").childElementCount !== keys.length) {
    $("bells").replaceChildren(...keys.map((key) => {
      const bell = document.createElement("button");
      bell.type = "button";
      bell.className = "bell";
      bell.onclick = () => act("press", { key });
      return bell;
    }));
  }
  [...$("bells").children].forEach((bell, index) => {
    bell.textContent = keys.length > 1 ? `${t("bell")} ${index + 1}` : t("bell");
    bell.classList.toggle("ringing", Boolean(call));
  });

  const words = (one) => one.enabled
    ? [t(one.active ? "on" : "off"), ...["locked", "held", "blocked"].filter((w) => one[w]).map(t)].join(" · ")
    : t("disabled");
  $("switches").replaceChildren(
    ...now.switches.map((one) => line(`${t("switch")} ${one.switch}`, words(one), one.active)),
    ...Object.entries(now.outputs).map(([name, on]) => line(name, t(on ? "on" : "off"), on)),
  );
}

function record(event) {
  const item = document.createElement("li");
  const time = document.createElement("time");
  const name = document.createElement("span");
  const params = document.createElement("code");
  time.textContent = new Date(event.utcTime * 1000).toLocaleTimeString(language);
  name.textContent = event.event;
  if (ALARMS.has(event.event)) name.className = "alarm";
  params.textContent = Object.entries(event.params).map(([key, value]) => `${key} ${value}`).join("  ");
  item.append(time, name, params);
  $("log").prepend(item);
  while ($("log").childElementCount > 200) $("log").lastElementChild.remove();
}

function listen() {
  const stream = new EventSource("/sim/stream");
  let fresh = true;
  stream.onopen = () => { fresh = true; };
  stream.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (fresh) $("log").replaceChildren();
    fresh = false;
    message.events.forEach(record);
    show(message.state);
  };
  stream.onerror = () => notice(t("lost"));
}

for (const key of "123456789*0#") {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = key;
  button.onclick = () => act("press", { key });
  $("keypad").append(button);
}
$("language").onclick = () => { language = language === "en" ? "fr" : "en"; translate(); };
$("door").onclick = () => act("door", { state: state.door === "opened" ? "closed" : "opened" });
$("rex").onclick = () => act("rex");
for (const role of ["panic", "tamper"]) {
  $(role).onclick = () => act("input", { port: state.roles[role], state: !state.inputs[state.roles[role]] });
}
$("power").onclick = () => act("power", { on: !state.power });
$("network").onclick = () => act("network", { up: !state.network.up });
$("drop").onclick = () => act("network", { drop_pull: !state.network.drop_pull });
$("latency").oninput = () => act("network", { latency_ms: Number($("latency").value) });
$("dtmf").onclick = () => act("dtmf", { code: "11" });
$("card-form").onsubmit = (submit) => { submit.preventDefault(); act("card", { uid: $("card").value }); };
for (const button of document.querySelectorAll("[data-call]")) {
  button.onclick = () => act("call", { state: button.dataset.call });
}
setInterval(() => { if (state?.power) $("camera").src = `/sim/picture?${Date.now()}`; }, 1000);
translate();
listen();
