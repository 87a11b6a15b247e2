/* svg_page: zoom, search and tooltips of an SVG picture. */
"use strict";
(() => {
	const svg = document.documentElement;
	const byId = (id) => document.getElementById(id);
	const details = byId("details"), matched = byId("matched"), unzoom = byId("unzoom");
	const search = byId("search"), ignoreCase = byId("ignorecase");
	const pad = 10, width = svg.viewBox.baseVal.width - 2 * pad;
	const letter = Number(svg.dataset.font), truth = details.textContent;
	const frames = Array.from(byId("frames").children, (g) => {
		const [start, total] = g.dataset.at.split(" ").map(Number);
		const rect = g.querySelector("rect"), text = g.querySelector("text");
		const title = g.querySelector("title").textContent;
		const cut = title.lastIndexOf(" (");
		return {
			g, rect, text, title, start, end: start + total,
			name: title.slice(0, cut), label: text.textContent,
			depth: Number(rect.getAttribute("y")),
			x: rect.getAttribute("x"), w: rect.getAttribute("width"),
			tx: text.getAttribute("x"), shown: true,
		};
	});
	const ofGroup = new Map(frames.map((f) => [f.g, f]));
	const root = frames[0];
	const upright = frames.length < 2 || frames[1].depth < root.depth;
	let zoomed = root, pattern = null;

	const frameOf = (target) => {
		const g = target.closest("#frames > g");
		return g ? ofGroup.get(g) : null;
	};

	/* The same cut as the picture's own: the last two letters that fit become dots. */
	const fit = (name, px) => {
		const fits = Math.floor(px / letter), letters = Array.from(name);
		if (fits < 3) return "";
		return letters.length <= fits ? name : letters.slice(0, fits - 2).join("") + "..";
	};

	const place = (f) => {
		const scale = width / (zoomed.end - zoomed.start);
		const from = Math.max(f.start, zoomed.start), to = Math.min(f.end, zoomed.end);
		const isBelow = upright ? f.depth > zoomed.depth : f.depth < zoomed.depth;
		const px = (to - from) * scale;
		f.shown = isBelow ? f.start <= zoomed.start && f.end >= zoomed.end : to > from;
		f.g.classList.toggle("hide", !f.shown);
		f.g.classList.toggle("parent", f.shown && isBelow);
		if (!f.shown) return;
		const isWhole = zoomed === root;
		const x = pad + (from - zoomed.start) * scale;
		f.rect.setAttribute("x", isWhole ? f.x : x.toFixed(1));
		f.rect.setAttribute("width", isWhole ? f.w : px.toFixed(1));
		f.text.setAttribute("x", isWhole ? f.tx : (x + 3).toFixed(2));
		f.text.textContent = isWhole || f === root ? f.label : fit(f.name, px);
	};

	/* The share of what is visible that is covered by matches; overlaps count once. */
	const mark = () => {
		const hits = [];
		let covered = 0, end = zoomed.start, count = 0;
		for (const f of frames) {
			const hit = pattern !== null && f !== root && pattern.test(f.name);
			f.g.classList.toggle("match", hit);
			if (hit && f.shown) {
				count++;
				hits.push([Math.max(f.start, zoomed.start), Math.min(f.end, zoomed.end)]);
			}
		}
		hits.sort((a, b) => a[0] - b[0]);
		for (const [from, to] of hits) {
			covered += Math.max(0, to - Math.max(from, end));
			end = Math.max(end, to);
		}
		const share = (100 * covered / (zoomed.end - zoomed.start)).toFixed(1);
		const of = zoomed === root ? "" : " of visible";
		matched.textContent = pattern === null ? "" : `${count} matched: ${share}%${of}`;
		matched.setAttribute("x", pad + width - 100 - (zoomed === root ? 20 : 60));
		search.classList.toggle("show", pattern !== null);
		search.textContent = pattern === null ? "Search" : "Reset search";
	};

	const zoom = (f) => {
		zoomed = f;
		frames.forEach(place);
		unzoom.classList.toggle("hide", f === root);
		mark();
	};

	let term = null;
	const find = (text) => {
		term = text;
		try {
			const flags = ignoreCase.classList.contains("show") ? "iu" : "u";
			pattern = text ? new RegExp(text, flags) : null;
		} catch {
			const plain = text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
			pattern = new RegExp(plain, "u");
		}
		mark();
	};
	const ask = () => {
		const text = prompt("Search for a name (a regular expression is fine)", term || "");
		if (text !== null) find(text);
	};
	const toggleCase = () => {
		ignoreCase.classList.toggle("show");
		find(term);
	};

	if (!root) return;
	addEventListener("click", (e) => {
		const f = frameOf(e.target);
		if (f) zoom(f);
		else if (e.target === unzoom) zoom(root);
		else if (e.target === search) pattern === null ? ask() : find(null);
		else if (e.target === ignoreCase) toggleCase();
	});
	addEventListener("mouseover", (e) => {
		const f = frameOf(e.target);
		details.textContent = f ? `${svg.dataset.kind} ${f.title}` : truth;
	});
	addEventListener("keydown", (e) => {
		if ((e.key === "f" && (e.ctrlKey || e.metaKey)) || e.key === "/" || e.key === "F3") {
			e.preventDefault();
			ask();
		} else if (e.key === "i" && (e.ctrlKey || e.metaKey)) {
			e.preventDefault();
			toggleCase();
		} else if (e.key === "Escape") {
			find(null);
			zoom(root);
		}
	});
	window.flyover = { find, zoom, frames };
})();
