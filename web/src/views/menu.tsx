/* menu: a button that opens a box below it; Escape and a click elsewhere close it. */
import { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

export function Menu(props: {
	label: ComponentChildren;
	title: string;
	class?: string;
	right?: boolean;
	onOpen?: () => void;
	children: (close: () => void) => ComponentChildren;
}) {
	const box = useRef<HTMLDetailsElement>(null);
	const close = () => {
		if (!box.current?.open) return;
		box.current.open = false;
		box.current.querySelector("summary")?.focus();
	};

	useEffect(() => {
		const outside = (event: Event) => {
			if (box.current && !box.current.contains(event.target as Node)) box.current.open = false;
		};

		addEventListener("pointerdown", outside);
		addEventListener("focusin", outside);
		return () => {
			removeEventListener("pointerdown", outside);
			removeEventListener("focusin", outside);
		};
	}, []);
	return (
		<details
			class={`menu ${props.class ?? ""} ${props.right ? "right" : ""}`}
			ref={box}
			onToggle={() => {
				if (!box.current!.open) return;
				props.onOpen?.();
				box.current!.querySelector<HTMLElement>("input, .choice")?.focus();
			}}
			onKeyDown={(event) => {
				if (event.key !== "Escape") return;
				close();
				event.stopPropagation();
			}}
		>
			<summary class="tool" title={props.title}>
				{props.label}
			</summary>
			<div class="box">{props.children(close)}</div>
		</details>
	);
}
