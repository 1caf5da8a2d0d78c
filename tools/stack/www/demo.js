/* Says who is signed in, which /protected knows. Without this script the page offers both
   ways, and each does the right thing. */

const part = (id) => document.getElementById(id);

fetch("/protected", { headers: { Accept: "application/json" } })
	.then((answer) => (answer.ok ? answer.json() : null))
	.then((who) => {
		part("in").hidden = who !== null;
		part("out").hidden = who === null;
		part("who").hidden = who === null;
		part("who").textContent = who === null ? "" : who.name;
		part("hello").textContent = who === null
			? "You are not signed in."
			: `You are signed in as ${who.name}.`;
	})
	.catch(() => {
		part("hello").textContent = "Who is signed in cannot be told right now.";
	});
