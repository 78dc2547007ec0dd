// The chart of one scene on a canvas: only what is in sight is drawn.
// Wheel scrolls lanes, Ctrl+wheel or pinch zooms time, dragging moves it. A click keeps a color.
"use strict";
(() => {
const scene = JSON.parse(document.getElementById("scene").textContent);
const [chart, view, tip, legend, find] =
  ["chart", "view", "tip", "legend", "find"].map((id) => document.getElementById(id));
const pen = chart.getContext("2d");
const bars = scene.bars;
const count = bars.start.length;
const end = (bar) => bars.start[bar] + bars.length[bar];
const [TASK, SPAN, SETUP, HOLD] = [0, 1, 2, 3];
const SLOW = 2;
const AXIS = 26, STRIP = scene.markers.length ? 16 : 0, PANEL_MIN = 36, PANEL_MAX = 84, ABOVE = 22;
const [spanStart, spanEnd] = scene.span;
const margin = (spanEnd - spanStart) * 0.02;

// ---- what never changes: where lanes lie, which bars a lane has, who waits for whom

const rowCount = scene.lanes.reduce((sum, lane) => sum + lane.rows, 0);
let [row, laneTop, lanesHeight] = [0, [0], 0];
let [panel, panelsHeight, besides] = [0, 0, 0];
/** Rows and profiles as high as there is room for, within what can be read. */
function layRows() {
  const panels = scene.usages.length;
  const share = 0.45 * tall / Math.max(panels, 1) - ABOVE;
  panel = share < PANEL_MIN ? PANEL_MAX : Math.min(Math.floor(share), PANEL_MAX);
  panelsHeight = panels * (panel + ABOVE);
  besides = AXIS + STRIP + panelsHeight + 14;
  const room = (tall - besides - 4 * scene.lanes.length) / Math.max(rowCount, 1);
  row = Math.max(rowCount > 60 ? 16 : 20, Math.min(36, Math.floor(room)));
  laneTop = [0];
  for (const lane of scene.lanes) laneTop.push(laneTop[laneTop.length - 1] + lane.rows * row + 4);
  lanesHeight = laneTop[laneTop.length - 1];
}
const ofLane = scene.lanes.map(() => ({ bars: [], reach: [] }));
for (let bar = 0; bar < count; bar++) {
  const lane = ofLane[bars.lane[bar]];
  const before = lane.reach.length ? lane.reach[lane.reach.length - 1] : -Infinity;
  lane.bars.push(bar);
  lane.reach.push(Math.max(before, end(bar)));
}
const linksOf = new Map();
for (let at = 0; at < scene.links.length; at += 3) {
  const link = scene.links.slice(at, at + 3);
  for (const bar of [link[0], link[1]]) {
    if (!linksOf.has(bar)) linksOf.set(bar, []);
    linksOf.get(bar).push(link);
  }
}

/** The first place in an ascending list whose value is not below. */
function first(list, value) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < value) low = middle + 1; else high = middle;
  }
  return low;
}

// ---- colors

let color = {};
let patterns = new Map();
function readColors() {
  const style = getComputedStyle(document.documentElement);
  const names = ["page", "stripe", "grid", "frame", "ink", "note", "late", "closed", "paused",
    "slow", "over"];
  color = Object.fromEntries(names.map((it) => [it, style.getPropertyValue("--" + it).trim()]));
  patterns = new Map();
}
const shadeOf = (group) => scene.shades[group] || scene.plain;
const fill = (group) => shadeOf(group).color;
function hatched(key, ground, line, thick, backward) {
  if (!patterns.has(key)) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const it = tile.getContext("2d");
    it.fillStyle = ground;
    it.fillRect(0, 0, 8, 8);
    it.strokeStyle = line;
    it.lineWidth = thick;
    it.beginPath();
    for (const shift of [-8, 0, 8]) {
      it.moveTo(shift - 2, backward ? -2 : 10);
      it.lineTo(shift + 10, backward ? 10 : -2);
    }
    it.stroke();
    patterns.set(key, pen.createPattern(tile, "repeat"));
  }
  return patterns.get(key);
}
const setupFill = () => hatched("setup", color.stripe, color.frame, 2, false);
const overFill = () => hatched("over", color.page, color.over, 3, true);

// ---- the part of time in sight

let [width, tall, gutter] = [0, 0, 80];
let left = spanStart - margin;
let zoom = 0;
const fitting = () => (width - gutter - 8) / (spanEnd - spanStart + 2 * margin);
const x = (time) => gutter + (time - left) * zoom;
const timeAt = (place) => left + (place - gutter) / zoom;
function settle() {
  const most = Math.max(fitting(), 160);
  zoom = Math.min(Math.max(zoom, fitting()), most);
  const seen = (width - gutter) / zoom;
  left = Math.min(Math.max(left, spanStart - margin), Math.max(spanEnd + margin - seen,
    spanStart - margin));
  redraw();
}
function zoomBy(factor, place) {
  const time = timeAt(place);
  zoom = Math.min(Math.max(zoom * factor, fitting()), Math.max(fitting(), 160));
  left = time - (place - gutter) / zoom;
  settle();
}
function fit() {
  [zoom, left] = [fitting(), spanStart - margin];
  settle();
}
function resize() {
  layRows();
  const fitted = zoom === 0 || Math.abs(zoom - fitting()) < 1e-9 * zoom;
  const ratio = window.devicePixelRatio || 1;
  [width, tall] = [view.clientWidth, view.clientHeight];
  chart.width = Math.round(width * ratio);
  chart.height = Math.round(tall * ratio);
  chart.style.width = width + "px";
  chart.style.height = tall + "px";
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.font = FONT;
  const names = scene.lanes.map((lane) => lane.name).concat(scene.usages.map((it) => it.name));
  const widest = names.reduce((most, name) => Math.max(most, textWidth(name)), 30);
  gutter = Math.min(widest + 22, Math.max(70, width / 4));
  if (fitted) fit(); else settle();
}

// ---- drawing

const FONT = "12px system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const widths = new Map();
function textWidth(text) {
  if (!widths.has(text)) widths.set(text, pen.measureText(text).width);
  return widths.get(text);
}
function shortened(text, room) {
  if (textWidth(text) <= room) return text;
  let letters = [...text];
  while (letters.length > 1 && pen.measureText(letters.join("") + "…").width > room) {
    letters = letters.slice(0, Math.min(letters.length - 1, Math.ceil(letters.length * 0.9)));
  }
  return letters.join("") + "…";
}
function write(text, place, line, align, ink) {
  pen.textAlign = align;
  pen.textBaseline = "middle";
  pen.fillStyle = ink;
  pen.fillText(text, place, line);
}
const grouped = (number) => {
  const text = String(Math.abs(number));
  const parts = text.length > 4 ? text.replace(/\B(?=(\d{3})+$)/g, "\u2009") : text;
  return (number < 0 ? "−" : "") + parts;
};
function ticks() {
  const widest = textWidth(grouped(Math.round(timeAt(width)))) + 46;
  const least = Math.max(1, widest / zoom);
  const power = 10 ** Math.floor(Math.log10(least));
  const distance = [1, 2, 5, 10].map((it) => it * power).find((it) => it >= least * 0.999);
  const found = [];
  const step = Math.max(1, Math.round(distance));
  for (let time = Math.ceil(left / step) * step; x(time) <= width; time += step) found.push(time);
  return found;
}

let [hovered, pointer, kept, words] = [-1, null, -1, ""];
const matches = new Uint8Array(count).fill(1);
const isPlain = () => kept < 0 && words === "";
function match() {
  for (let bar = 0; bar < count; bar++) {
    const named = words === "" || bars.tip[bar].toLowerCase().includes(words);
    matches[bar] = named && (kept < 0 || bars.group[bar] === kept) ? 1 : 0;
  }
  redraw();
}

const top = () => AXIS + STRIP - view.scrollTop;
/** Few profiles stay in sight below the lanes; many scroll with them. */
function panelsTop() {
  const below = top() + lanesHeight;
  return panelsHeight <= 0.45 * tall ? Math.min(below, tall - panelsHeight - 8) : below;
}
const panelLine = (at) => panelsTop() + at * (panel + ABOVE) + ABOVE;
function barBox(bar) {
  const line = top() + laneTop[bars.lane[bar]] + bars.row[bar] * row + 3;
  const all = row - 3;
  const [from, to] = [x(bars.start[bar]), x(end(bar))];
  const kind = bars.kind[bar];
  const inset = kind === HOLD ? all / 3 : kind === SPAN ? all / 6 : 0;
  return { from, width: to - from, line: line + inset, height: all - 2 * inset };
}

function drawBreaks(breaks, line, size) {
  for (let at = 0; at < breaks.length; at += 3) {
    const [from, to] = [x(breaks[at]), x(breaks[at + 1])];
    if (to < gutter || from > width) continue;
    const kind = breaks[at + 2];
    const high = kind === SLOW ? Math.min(size, 3) : size;
    pen.fillStyle = [color.closed, color.paused, color.slow][kind];
    pen.fillRect(from, line + size - high, Math.max(to - from, 0.5), high);
  }
}

/** The longest stretch in which the work of a bar does not rest. */
function longestWork(bar) {
  const rests = scene.pauses[bar];
  if (!rests) return [bars.start[bar], end(bar)];
  let longest = [0, 0];
  let begin = bars.start[bar];
  for (let at = 0; at <= rests.length; at += 2) {
    const stop = at < rests.length ? rests[at] : end(bar);
    if (stop - begin > longest[1] - longest[0]) longest = [begin, stop];
    begin = rests[at + 1];
  }
  return longest;
}

// 0: labels, or short ones where only these fit; 1: short labels; 2: too few fit for any.
let labeling = 0;
function chooseLabels(shown) {
  const named = shown.filter((bar) => bars.label[bar] !== "");
  const fits = (names) => (bar) => textWidth(names[bar]) + 6 <= bars.length[bar] * zoom;
  const share = (names) => named.filter(fits(names)).length / Math.max(named.length, 1);
  labeling = share(bars.label) >= 1 / 2 ? 0 : share(bars.short) >= 1 / 3 ? 1 : 2;
}

function drawBar(bar) {
  const { from, width: wide, line, height: high } = barBox(bar);
  const kind = bars.kind[bar];
  pen.globalAlpha = matches[bar] ? 1 : 0.15;
  if (bars.length[bar] === 0) {
    const half = high * 0.4;
    pen.beginPath();
    for (const [right, down] of [[-half, 0], [0, -half], [half, 0], [0, half]]) {
      pen.lineTo(from + right, line + high / 2 + down);
    }
    pen.closePath();
    pen.fillStyle = fill(bars.group[bar]);
    pen.fill();
  } else {
    if (kind === HOLD) pen.globalAlpha *= 0.55;
    pen.fillStyle = kind === SETUP ? setupFill() : fill(bars.group[bar]);
    const gap = wide > 4 && kind === TASK ? 0.5 : 0;
    pen.fillRect(from + gap, line, Math.max(wide - 2 * gap, 1), high);
    const rests = scene.pauses[bar] || [];
    pen.fillStyle = color.page;
    pen.globalAlpha *= 0.62;
    for (let at = 0; at < rests.length; at += 2) {
      pen.fillRect(x(rests[at]), line, x(rests[at + 1]) - x(rests[at]), high);
    }
  }
  pen.globalAlpha = matches[bar] ? 1 : 0.15;
  if (bars.late[bar]) {
    pen.strokeStyle = color.late;
    pen.lineWidth = wide > 5 ? 2 : 1;
    pen.strokeRect(from + 1, line + 1, Math.max(wide - 2, 0.5), high - 2);
  }
  const [begin, stop] = longestWork(bar).map(x);
  const shown = Math.min(stop, width) - Math.max(begin, gutter);
  if (shown > 10 && bars.label[bar] !== "") {
    const names = [bars.label[bar], bars.short[bar]].slice(labeling);
    const label = names.find((it) => textWidth(it) + 6 <= shown);
    if (label) {
      const ink = shadeOf(bars.group[bar]).dark ? "#fff" : "#111";
      write(label, Math.max(begin, gutter) + shown / 2, line + high / 2 + 0.5, "center", ink);
    }
  }
  pen.globalAlpha = 1;
}

function drawLanes() {
  const begin = Math.max(0, first(laneTop, view.scrollTop - AXIS - STRIP) - 1);
  const [from, to] = [timeAt(gutter), timeAt(width)];
  for (let lane = begin; lane < scene.lanes.length; lane++) {
    const line = top() + laneTop[lane];
    if (line > tall) break;
    const size = laneTop[lane + 1] - laneTop[lane];
    if (lane % 2) {
      pen.fillStyle = color.stripe;
      pen.fillRect(gutter, line, width - gutter, size);
    }
    drawBreaks(scene.lanes[lane].breaks, line, size);
  }
  drawGrid();
  const [shown, late, instants] = [[], [], []];
  for (let lane = begin; lane < scene.lanes.length; lane++) {
    const line = top() + laneTop[lane];
    if (line > tall) break;
    const filled = [];
    for (let at = first(ofLane[lane].reach, from); at < ofLane[lane].bars.length; at++) {
      const bar = ofLane[lane].bars[at];
      if (bars.start[bar] > to) break;
      if (end(bar) < from) continue;
      // Of bars thinner than a pixel one per pixel is drawn.
      const pixel = Math.floor(x(end(bar)));
      if (bars.length[bar] * zoom < 1 && filled[bars.row[bar]] === pixel && isPlain()) continue;
      filled[bars.row[bar]] = pixel;
      (bars.length[bar] === 0 ? instants : bars.late[bar] ? late : shown).push(bar);
    }
  }
  chooseLabels(shown.concat(late));
  shown.forEach(drawBar);
  late.forEach(drawBar);
  instants.forEach(drawBar);
}

/** The bar of a lane that is nearest to the time in sight, when none is in sight. */
function nearest(lane) {
  const [from, to] = [timeAt(gutter), timeAt(width)];
  let [best, distance] = [-1, Infinity];
  for (const bar of ofLane[lane].bars) {
    const away = Math.max(from - end(bar), bars.start[bar] - to, 0);
    if (away < distance) [best, distance] = [bar, away];
  }
  return distance > 0 ? best : -1;
}
function drawArrows() {
  const begin = Math.max(0, first(laneTop, view.scrollTop - AXIS - STRIP) - 1);
  for (let lane = begin; lane < scene.lanes.length; lane++) {
    const line = top() + laneTop[lane] + row / 2 + 1;
    if (line > tall) break;
    const bar = nearest(lane);
    if (bar < 0) continue;
    const isLeft = end(bar) < timeAt(gutter);
    const [place, tip] = isLeft ? [gutter + 12, -7] : [width - 12, 7];
    pen.fillStyle = fill(bars.group[bar]);
    pen.beginPath();
    pen.moveTo(place + tip, line);
    pen.lineTo(place, line - 5);
    pen.lineTo(place, line + 5);
    pen.fill();
  }
}

function drawGrid() {
  pen.strokeStyle = color.grid;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const tick of ticks()) {
    pen.moveTo(Math.round(x(tick)) + 0.5, 0);
    pen.lineTo(Math.round(x(tick)) + 0.5, tall);
  }
  pen.stroke();
}

/** Value of a step function, given as [first, time, value, time, value, …]. */
function value(steps, time) {
  let [low, high] = [0, (steps.length - 1) / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[1 + 2 * middle] <= time) low = middle + 1; else high = middle;
  }
  return low === 0 ? steps[0] : steps[2 * low];
}
/** Places in sight where one of the functions changes, with the time that each stands for. */
function columns(functions) {
  const [from, to] = [timeAt(gutter), timeAt(width)];
  const times = new Set([from]);
  for (const steps of functions) {
    for (let at = 1; at < steps.length; at += 2) {
      if (steps[at] > from && steps[at] < to) times.add(steps[at]);
    }
  }
  const sorted = [...times].sort((one, two) => one - two);
  return sorted.map((time, at) => [time, x(time), at + 1 < sorted.length ? x(sorted[at + 1]) : width]);
}

function drawPanel(usage, line) {
  const bottom = line + panel;
  const y = (amount) => bottom - (amount - usage.low) / (usage.high - usage.low) * panel;
  drawBreaks(usage.breaks, line, panel);
  const limits = [usage.capacity].concat(usage.least ? [usage.least] : []);
  const places = columns(usage.layers.map((layer) => layer.steps).concat([usage.total], limits));
  const floor = new Float64Array(places.length);
  for (const layer of usage.layers) {
    pen.fillStyle = fill(layer.group);
    pen.globalAlpha = kept < 0 || layer.group === kept ? 1 : 0.15;
    places.forEach(([time, from, to], at) => {
      const amount = value(layer.steps, time);
      if (amount === 0) return;
      const [one, two] = [y(floor[at]), y(floor[at] + amount)];
      // Whole pixels: neighbors touch without a seam.
      const [begin, stop] = [Math.round(from), Math.max(Math.round(to), Math.round(from) + 1)];
      pen.fillRect(begin, Math.min(one, two), stop - begin, Math.abs(two - one));
      floor[at] += amount;
    });
  }
  pen.globalAlpha = 1;
  pen.fillStyle = overFill();
  for (const [time, from, to] of places) {
    const [total, most] = [value(usage.total, time), value(usage.capacity, time)];
    const least = usage.least && usage.kind === "reservoir" ? value(usage.least, time) : total;
    const [one, two] = total > most ? [most, total] : [total, least];
    if (two > one) pen.fillRect(from, y(two), Math.max(to - from, 1), y(one) - y(two));
  }
  pen.strokeStyle = color.ink;
  limits.forEach((steps, at) => {
    if (at === 0 && !usage.showsCapacity) return;
    pen.lineWidth = 1.4;
    pen.setLineDash(at === 0 ? [6, 4] : [2, 3]);
    pen.beginPath();
    for (const [time, from, to] of places) {
      pen.lineTo(from, y(value(steps, time)));
      pen.lineTo(to, y(value(steps, time)));
    }
    pen.stroke();
    pen.setLineDash([]);
  });
  pen.strokeStyle = color.frame;
  pen.lineWidth = 1;
  pen.strokeRect(gutter + 0.5, line + 0.5, width, panel);
  write(usage.note, gutter + 2, line - 9, "left", color.note);
}

function drawPanels() {
  const begin = panelsTop();
  pen.fillStyle = color.page;
  pen.fillRect(0, begin, width, tall);
  if (begin < top() + lanesHeight) {
    pen.fillStyle = color.frame;
    pen.fillRect(0, begin, width, 1);
  }
  pen.save();
  pen.beginPath();
  pen.rect(0, begin + 1, width, tall);
  pen.clip();
  drawGrid();
  pen.restore();
  scene.usages.forEach((usage, at) => {
    const line = panelLine(at);
    if (line + panel > 0 && line - ABOVE < tall) drawPanel(usage, line);
  });
}

function drawNames() {
  pen.fillStyle = color.page;
  pen.fillRect(0, 0, gutter, tall);
  const begin = Math.max(0, first(laneTop, view.scrollTop - AXIS - STRIP) - 1);
  for (let lane = begin; lane < scene.lanes.length; lane++) {
    const line = top() + (laneTop[lane] + laneTop[lane + 1]) / 2;
    if (line > tall + row) break;
    write(shortened(scene.lanes[lane].name, gutter - 14), gutter - 8, line, "right", color.ink);
  }
  const below = panelsTop();
  pen.fillStyle = color.page;
  pen.fillRect(0, below + 1, gutter, tall);
  scene.usages.forEach((usage, at) => {
    const line = panelLine(at);
    if (line + panel < 0 || line - ABOVE > tall) return;
    write(shortened(usage.name, gutter - 14), gutter - 8, line + panel / 2, "right", color.ink);
    write(grouped(usage.high), gutter - 8, line + 5, "right", color.note);
    write(grouped(usage.low), gutter - 8, line + panel - 4, "right", color.note);
  });
  pen.fillStyle = color.frame;
  pen.fillRect(gutter - 1, 0, 1, tall);
}

function drawMarkers() {
  for (const [time, kind] of scene.markers) {
    if (kind !== "bound" && kind !== "now" || x(time) < gutter) continue;
    pen.strokeStyle = color.ink;
    pen.lineWidth = kind === "now" ? 2 : 1.2;
    pen.setLineDash(kind === "now" ? [] : [3, 3]);
    pen.beginPath();
    pen.moveTo(x(time), AXIS + STRIP);
    pen.lineTo(x(time), panelsTop());
    pen.stroke();
    pen.setLineDash([]);
  }
}

function drawAxis() {
  pen.fillStyle = color.page;
  pen.fillRect(0, 0, width, AXIS + STRIP);
  pen.fillStyle = color.frame;
  pen.fillRect(0, AXIS + STRIP - 1, width, 1);
  for (const tick of ticks()) {
    const place = x(tick);
    if (place < gutter - 1) continue;
    pen.fillStyle = color.frame;
    pen.fillRect(Math.round(place), AXIS - 6, 1, 5);
    const label = grouped(tick);
    const half = textWidth(label) / 2;
    if (showsCursor() && Math.abs(place - pointer.x) < half + 30) continue;
    write(label, Math.min(Math.max(place, half + 2), width - half - 2), 10, "center", color.note);
  }
  if (STRIP) write(scene.dates, gutter - 8, AXIS + STRIP / 2 - 1, "right", color.note);
  const missedLast = [...scene.markers].sort((one, two) => Number(one[3]) - Number(two[3]));
  for (const [time, kind, group, late, label] of missedLast) {
    const [place, line] = [x(time), AXIS + 2];
    if (place < gutter || place > width) continue;
    if (kind === "bound" || kind === "now") {
      const half = textWidth(label) / 2;
      write(label, Math.min(place, width - half - 4), AXIS + STRIP / 2, "center", color.note);
      continue;
    }
    pen.beginPath();
    const corners = kind === "due" ? [[-5, 0], [5, 0], [0, 10]] : [[-4, 1], [4, 1], [4, 9], [-4, 9]];
    for (const [right, down] of corners) pen.lineTo(place + right, line + down);
    pen.closePath();
    pen.globalAlpha = kept < 0 || group === kept ? 1 : 0.15;
    pen.fillStyle = shadeOf(group).color;
    pen.fill();
    pen.strokeStyle = late ? color.late : color.frame;
    pen.lineWidth = late ? 2 : 0.7;
    pen.stroke();
    pen.globalAlpha = 1;
  }
}

function drawLinks() {
  const outline = (bar, wide) => {
    const box = barBox(bar);
    pen.lineWidth = wide;
    pen.strokeRect(box.from - 0.5, box.line - 0.5, Math.max(box.width + 1, 2), box.height + 1);
  };
  pen.strokeStyle = pen.fillStyle = color.ink;
  outline(hovered, 2.5);
  for (const [before, after, sides] of linksOf.get(hovered) || []) {
    const [one, two] = [barBox(before), barBox(after)];
    const from = [one.from + (sides & 1 ? one.width : 0), one.line + one.height / 2];
    const to = [two.from + (sides & 2 ? two.width : 0), two.line + two.height / 2];
    const bend = Math.max(18, Math.abs(to[0] - from[0]) / 3);
    const [out, into] = [sides & 1 ? bend : -bend, sides & 2 ? bend : -bend];
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.moveTo(...from);
    pen.bezierCurveTo(from[0] + out, from[1], to[0] + into, to[1], to[0], to[1]);
    pen.stroke();
    const back = sides & 2 ? 7 : -7;
    pen.beginPath();
    pen.moveTo(...to);
    pen.lineTo(to[0] + back, to[1] - 4);
    pen.lineTo(to[0] + back, to[1] + 4);
    pen.fill();
    outline(before === hovered ? after : before, 1);
  }
}

const showsCursor = () => pointer && pointer.x >= gutter && !dragged;
function drawCursor() {
  if (!showsCursor()) return;
  pen.fillStyle = color.frame;
  pen.fillRect(Math.round(pointer.x), AXIS + STRIP, 1, tall);
  const label = grouped(Math.floor(timeAt(pointer.x)));
  const half = textWidth(label) / 2 + 4;
  const place = Math.min(Math.max(pointer.x, gutter + half), width - half);
  pen.fillStyle = color.ink;
  pen.fillRect(place - half, 1, 2 * half, 18);
  write(label, place, 10, "center", color.page);
}

function paint() {
  pen.font = FONT;
  pen.fillStyle = color.page;
  pen.fillRect(0, 0, width, tall);
  drawLanes();
  drawArrows();
  drawMarkers();
  if (hovered >= 0) drawLinks();
  if (scene.usages.length) drawPanels();
  drawNames();
  drawAxis();
  drawCursor();
}
let waiting = false;
function redraw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; paint(); });
}

// ---- pointing

function laneAt(line) {
  const inside = line - top();
  const isLane = inside >= 0 && inside < lanesHeight && line < panelsTop();
  if (line < AXIS + STRIP || !isLane) return -1;
  return Math.min(first(laneTop, inside + 1e-9), scene.lanes.length) - 1;
}
function barAt(place, line) {
  const lane = laneAt(line);
  if (lane < 0 || place < gutter) return -1;
  const { bars: list, reach } = ofLane[lane];
  const slack = 2 / zoom;
  let found = -1;
  for (let at = first(reach, timeAt(place) - slack); at < list.length; at++) {
    if (bars.start[list[at]] > timeAt(place) + slack) break;
    const box = barBox(list[at]);
    const half = bars.length[list[at]] === 0 ? 7 : 1;
    const near = place >= box.from - half && place <= box.from + Math.max(box.width, 1) + half;
    if (near && line >= box.line - 2 && line <= box.line + box.height + 2) found = list[at];
  }
  return found;
}
function usageLines(place, line) {
  const inside = line - panelsTop();
  const at = Math.floor(inside / (panel + ABOVE));
  const usage = scene.usages[at];
  if (inside < 0 || !usage || place < gutter || line < AXIS + STRIP) return [];
  const time = Math.floor(timeAt(place));
  const lines = [`${usage.name} at ${grouped(time)}`,
    `${grouped(value(usage.total, time))} of ${grouped(value(usage.capacity, time))}`];
  for (const layer of usage.layers) {
    const amount = value(layer.steps, time);
    if (layer.group >= 0 && amount) lines.push(`${scene.groups[layer.group]}: ${grouped(amount)}`);
  }
  return lines;
}
function markerLines(place, line) {
  if (line < AXIS || line > AXIS + STRIP) return [];
  const near = scene.markers.filter((marker) => Math.abs(x(marker[0]) - place) <= 6);
  return near.slice(0, 12).map((marker) => marker[4]);
}
function linkLines(bar) {
  const lines = [];
  for (const [end, word] of [[0, "after"], [1, "before"]]) {
    const others = (linksOf.get(bar) || []).filter((link) => link[1 - end] === bar);
    const names = others.map((link) => bars.tip[link[end]].split("\n")[0]);
    if (names.length) {
      lines.push(`${word} ${names.slice(0, 4).join(", ")}` +
        (names.length > 4 ? ` and ${names.length - 4} more` : ""));
    }
  }
  return lines;
}
function point(event) {
  const box = chart.getBoundingClientRect();
  pointer = { x: event.clientX - box.left, y: event.clientY - box.top };
  hovered = barAt(pointer.x, pointer.y);
  const lines = hovered >= 0
    ? bars.tip[hovered].split("\n").concat(linkLines(hovered))
    : usageLines(pointer.x, pointer.y).concat(markerLines(pointer.x, pointer.y));
  tip.replaceChildren(...lines.map((line) => {
    const row = document.createElement("div");
    row.textContent = line;
    return row;
  }));
  tip.style.display = lines.length ? "block" : "none";
  const [wide, high] = [tip.offsetWidth, tip.offsetHeight];
  const beside = event.clientX + 16 + wide > innerWidth ? event.clientX - wide - 12 : event.clientX + 16;
  const below = event.clientY + 16 + high > innerHeight ? event.clientY - high - 12 : event.clientY + 16;
  tip.style.left = Math.max(4, beside) + "px";
  tip.style.top = Math.max(4, below) + "px";
  redraw();
}
function leave() {
  [hovered, pointer] = [-1, null];
  tip.style.display = "none";
  redraw();
}

const fingers = new Map();
let dragged = false;
chart.addEventListener("pointerdown", (event) => {
  fingers.set(event.pointerId, event);
  chart.setPointerCapture(event.pointerId);
  dragged = false;
});
chart.addEventListener("pointermove", (event) => {
  const before = fingers.get(event.pointerId);
  if (!before) return point(event);
  const others = [...fingers.values()].filter((it) => it.pointerId !== event.pointerId);
  if (others.length === 1) {
    const box = chart.getBoundingClientRect();
    const distance = (it) => Math.max(20, Math.abs(it.clientX - others[0].clientX));
    const middle = (event.clientX + others[0].clientX) / 2 - box.left;
    zoomBy(distance(event) / distance(before), middle);
  } else if (dragged || Math.abs(event.clientX - before.clientX) > 3) {
    dragged = true;
    chart.classList.add("dragging");
    left -= (event.clientX - before.clientX) / zoom;
    tip.style.display = "none";
    settle();
  } else {
    return;
  }
  fingers.set(event.pointerId, event);
});
for (const name of ["pointerup", "pointercancel"]) {
  chart.addEventListener(name, (event) => {
    const wasDown = fingers.delete(event.pointerId);
    chart.classList.remove("dragging");
    if (wasDown && !dragged && name === "pointerup") {
      point(event);
      const lane = laneAt(pointer.y);
      const away = lane < 0 ? -1 : nearest(lane);
      if (away >= 0) {
        left = (bars.start[away] + end(away)) / 2 - (width - gutter) / 2 / zoom;
        settle();
      }
      keep(hovered >= 0 && bars.group[hovered] !== kept ? bars.group[hovered] : -1);
    }
    dragged = false;
  });
}
chart.addEventListener("pointerleave", leave);
chart.addEventListener("wheel", (event) => {
  const box = chart.getBoundingClientRect();
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    zoomBy(Math.exp(-event.deltaY * 0.004), Math.max(gutter, event.clientX - box.left));
  } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    event.preventDefault();
    left += (event.shiftKey ? event.deltaY : event.deltaX) / zoom;
    settle();
  }
}, { passive: false });
chart.addEventListener("dblclick", (event) => {
  zoomBy(2.5, event.clientX - chart.getBoundingClientRect().left);
});
view.addEventListener("scroll", () => { hovered = -1; tip.style.display = "none"; redraw(); });
chart.addEventListener("keydown", (event) => {
  const middle = (gutter + width) / 2;
  const moves = {
    ArrowLeft: () => { left -= 60 / zoom; settle(); },
    ArrowRight: () => { left += 60 / zoom; settle(); },
    "+": () => zoomBy(1.5, middle),
    "-": () => zoomBy(1 / 1.5, middle),
    0: fit,
  };
  if (moves[event.key]) { event.preventDefault(); moves[event.key](); }
});
document.getElementById("in").addEventListener("click", () => zoomBy(1.6, (gutter + width) / 2));
document.getElementById("out").addEventListener("click", () => zoomBy(1 / 1.6, (gutter + width) / 2));
document.getElementById("fit").addEventListener("click", fit);
find.addEventListener("input", () => { words = find.value.trim().toLowerCase(); match(); });

// ---- legend

const swatches = [];
function keep(group) {
  kept = group;
  for (const child of legend.querySelectorAll("button")) {
    child.setAttribute("aria-pressed", String(Number(child.dataset.group) === kept));
  }
  match();
}
function entry(name, draw, group) {
  const item = document.createElement(group === undefined ? "span" : "button");
  const swatch = document.createElement("canvas");
  swatch.width = swatch.height = 28;
  item.append(swatch, name);
  if (group !== undefined) {
    item.dataset.group = group;
    item.setAttribute("aria-pressed", "false");
    item.addEventListener("click", () => keep(kept === group ? -1 : group));
  }
  legend.append(item);
  swatches.push(() => {
    const it = swatch.getContext("2d");
    it.setTransform(2, 0, 0, 2, 0, 0);
    it.clearRect(0, 0, 14, 14);
    draw(it);
  });
}
const block = (paint, alpha = 1, inset = 0) => (it) => {
  it.globalAlpha = alpha;
  it.fillStyle = paint();
  it.fillRect(1, 1 + inset, 12, 12 - 2 * inset);
  it.globalAlpha = 1;
};
const drawn = {
  late: (it) => {
    block(() => scene.plain.color)(it);
    it.strokeStyle = color.late;
    it.lineWidth = 2;
    it.strokeRect(2, 2, 10, 10);
  },
  setup: block(setupFill),
  hold: block(() => scene.plain.color, 0.55, 4),
  rest: (it) => {
    block(() => scene.plain.color)(it);
    it.globalAlpha = 0.62;
    it.fillStyle = color.page;
    it.fillRect(5, 1, 4, 12);
    it.globalAlpha = 1;
  },
  closed: block(() => color.closed),
  paused: block(() => color.paused),
  slow: (it) => { it.fillStyle = color.slow; it.fillRect(1, 10, 12, 3); },
  over: block(overFill),
  least: (it) => { it.fillStyle = color.ink; [1, 6, 11].forEach((at) => it.fillRect(at, 6, 2, 2)); },
};
if (scene.legend) {
  scene.groups.forEach((name, group) => entry(name, block(() => fill(group)), group));
}
if (scene.ramp.length) {
  entry("color: by first start, from dark to light", (it) => {
    scene.ramp.forEach((shade, at) => {
      it.fillStyle = shade;
      it.fillRect(1 + at * 3, 1, 3, 12);
    });
  });
}
for (const [mark, name] of scene.marks) entry(name, drawn[mark]);

// ---- begin

new ResizeObserver(() => {
  resize();
  const height = besides + lanesHeight;
  document.getElementById("space").style.height = Math.max(0, height - tall) + "px";
}).observe(view);
const restyle = () => { readColors(); swatches.forEach((draw) => draw()); redraw(); };
matchMedia("(prefers-color-scheme:dark)").addEventListener("change", restyle);
readColors();
resize();
restyle();
})();
