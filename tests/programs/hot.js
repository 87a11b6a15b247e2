// hot.js: a known hot path for the Node.js runtime test: main -> outer -> inner does nearly all the work.
function inner(n) {
	let sum = 0;
	for (let i = 0; i < n; i++)
		sum = (sum * 31 + i) % 1000003;
	return sum;
}

function outer(n) {
	let sum = 0;
	for (let i = 0; i < 50; i++)
		sum += inner(n + i);
	return sum;
}

const end = Date.now() + Number(process.argv[2]) * 1000;
let total = 0;
while (Date.now() < end)
	total += outer(20000);
console.log(total > 0);
