/* global SwaggerUIBundle, document, matchMedia */

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  // Nothing is asked of another origin.
  validatorUrl: null,
  // Links inside of buttons are what deep links are made of, and no screen reader tells them apart.
  deepLinking: false,
  // There is one server, this one, in a list that has no name.
  plugins: [() => ({ wrapComponents: { ServersContainer: () => () => null } })],
});
