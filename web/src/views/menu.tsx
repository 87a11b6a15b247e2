/* menu: a button that opens a box below it; Escape and a click elsewhere close it. What is in the box is
 * made when it is first opened. */
import { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

export function Menu(props: {
	label: ComponentChildren;
	title: string;
	class?: string;
	right?: boolean;
	onOpen?: () => void;
	children: (close: () => void) => ComponentChildren;
}) {
	const box = useRef<HTMLDetailsElement>(null);
	const [isMade, setMade] = useState(false);
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
				setMade(true);
				props.onOpen?.();
				box.current!.querySelector<HTMLElement>("input, .choice")?.focus();
			}}
			onKeyDown={(event) => {
				if (event.key !== "Escape") return;
				close();
				event.stopPropagation();
			}}
		>
			<summary class="tool" title={props.title} onClick={() => setMade(true)}>
				{props.label}
			</summary>
			<div class="box">{isMade && props.children(close)}</div>
		</details>
	);
}
