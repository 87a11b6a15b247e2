/* diagnosis: what the findings about a machine come to, for people and for programs. */
#include "cli/diagnosis.h"

#include "render/page_json.h"

void diagnosis_make(const struct preflight_finding *findings, size_t count, struct diagnosis *ret)
{
	*ret = (struct diagnosis){
		.findings = findings, .count = count, .bpf = true, .perf = true
	};
	for (size_t i = 0; i < count; i++) {
		ret->bpf = ret->bpf && (findings[i].ok || !findings[i].for_bpf);
		ret->perf = ret->perf && (findings[i].ok || !findings[i].for_perf);
	}
}

const char *diagnosis_verdict(const struct diagnosis *d)
{
	if (d->bpf)
		return "Every process of this machine can be sampled, and the kernel.";
	if (d->perf)
		return "Your own processes can be sampled, through perf events. BPF, which samples "
		       "all of them, cannot be used yet.";
	return "Nothing can be sampled yet.";
}

void diagnosis_json(const struct diagnosis *d, struct buf *out)
{
	buf_add_format(out, "{\"bpf\":%s,\"perf\":%s,\"verdict\":", d->bpf ? "true" : "false",
		d->perf ? "true" : "false");
	page_json_text(out, view_of(diagnosis_verdict(d)));
	buf_add_text(out, ",\"findings\":[");
	for (size_t i = 0; i < d->count; i++) {
		const struct preflight_finding *f = &d->findings[i];

		buf_add_format(out, "%s\n{\"name\":", i ? "," : "");
		page_json_text(out, view_of(f->name));
		buf_add_format(out, ",\"ok\":%s,\"for_bpf\":%s,\"for_perf\":%s,\"meaning\":",
			f->ok ? "true" : "false", f->for_bpf ? "true" : "false",
			f->for_perf ? "true" : "false");
		page_json_text(out, view_of(f->meaning));
		buf_add_text(out, ",\"advice\":");
		page_json_text(out, view_of(f->advice));
		buf_add_char(out, '}');
	}
	buf_add_text(out, "\n]}\n");
}

void diagnosis_text(const struct diagnosis *d, bool colours, bool utf8, struct buf *out)
{
	const char *plain = colours ? "\033[0m" : "";

	buf_add_format(out, "%s%s%s\n\n", colours ? "\033[1m" : "", diagnosis_verdict(d), plain);
	for (size_t i = 0; i < d->count; i++) {
		const struct preflight_finding *f = &d->findings[i];
		const char *colour = !colours ? "" : f->ok ? "\033[32m" : "\033[33m";
		const char *mark = f->ok ? (utf8 ? "✓ " : "ok ") : (utf8 ? "✗ " : "NO ");

		buf_add_format(out, "%s%s%s%s\n", colour, mark, plain, f->meaning);
		if (!f->ok)
			buf_add_format(
				out, "%s  %s %s\n", utf8 ? "" : " ", utf8 ? "→" : "->", f->advice);
	}
}
