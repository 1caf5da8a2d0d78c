/*
 * Passkeys (WebAuthn) in the forms that have data-passkey: "get" to sign in with one,
 * "make" to create one. The form holds the options as JSON and says what went wrong;
 * what the browser answers goes into its field `passkey`, and the form is sent.
 * Such a form is hidden until this script has found that the browser knows passkeys.
 * Everything else on the pages works without this script.
 */
"use strict";

const RENEW_MS = 4 * 60 * 1000; // the server accepts a challenge for five minutes
let pending = null; // the one request that may run: {controller, done}

const bytesOf = (text) => Uint8Array.from(
	atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const textOf = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
	.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// Options as JSON has them, to options as the browser takes them.
function decode(options) {
	const list = (name) => (options[name] || []).map((c) => ({...c, id: bytesOf(c.id)}));
	const made = {...options, challenge: bytesOf(options.challenge)};

	if (options.user)
		made.user = {...options.user, id: bytesOf(options.user.id)};
	for (const name of ["allowCredentials", "excludeCredentials"])
		if (options[name])
			made[name] = list(name);
	return made;
}

// The browser's answer as JSON (WebAuthn Level 3: RegistrationResponseJSON and
// AuthenticationResponseJSON).
function encode(credential) {
	const from = credential.response, response = {};

	for (const name of ["clientDataJSON", "attestationObject", "authenticatorData",
			    "signature", "userHandle"])
		if (from[name])
			response[name] = textOf(from[name]);
	if (from.getTransports)
		response.transports = from.getTransports();
	return JSON.stringify({
		id: credential.id, rawId: textOf(credential.rawId), type: credential.type,
		response, clientExtensionResults: {},
	});
}

// Ends the request that runs: browsers allow one at a time.
async function stop() {
	if (pending) {
		pending.controller.abort();
		await pending.done.catch(() => {});
	}
}

function start(form) {
	const options = JSON.parse(form.dataset.options);
	const status = form.querySelector("[role=status]");
	const makes = form.dataset.passkey === "make";
	let since = Date.now(), timer = 0;

	const say = (what) => {
		status.textContent = what ? form.dataset[what] : "";
	};

	async function renew() {
		if (Date.now() - since < RENEW_MS)
			return;
		const answer = await fetch(form.dataset.renew, {
			method: "POST", headers: {"Content-Type": "application/json"}, body: "{}",
		});
		options.challenge = (await answer.json()).publicKey.challenge;
		since = Date.now();
	}

	function send(credential) {
		for (const field of form.querySelectorAll("[data-from]"))
			if (document.getElementById(field.dataset.from)?.checked)
				field.value = "1";
		form.elements.passkey.value = encode(credential);
		since = 0; // a challenge is good for one answer
		form.submit();
	}

	async function ask(mediation) {
		clearTimeout(timer);
		await stop();
		const controller = new AbortController();
		const work = async () => {
			await renew();
			const request = {publicKey: decode(options), signal: controller.signal};
			if (mediation)
				request.mediation = mediation;
			return makes ? navigator.credentials.create(request)
				: navigator.credentials.get(request);
		};
		pending = {controller, done: work()};
		send(await pending.done);
	}

	// Passkeys among what the browser offers for the field of the name.
	async function autofill() {
		const known = PublicKeyCredential.isConditionalMediationAvailable;

		if (!("autofill" in form.dataset) || !known ||
		    !await known.call(PublicKeyCredential))
			return;
		ask("conditional").catch((e) => {
			if (e.name !== "AbortError")
				clearTimeout(timer);
		});
		timer = setTimeout(autofill, RENEW_MS);
	}

	form.addEventListener("submit", (event) => {
		event.preventDefault();
		say(null);
		ask(null).catch((e) => {
			const reasons = {NotAllowedError: "cancelled", InvalidStateError: "known"};

			if (e.name === "AbortError")
				return;
			say(reasons[e.name] || "failed");
			autofill();
		});
	});
	form.hidden = false;
	autofill();
}

if (window.PublicKeyCredential)
	document.querySelectorAll("form[data-passkey]").forEach(start);
