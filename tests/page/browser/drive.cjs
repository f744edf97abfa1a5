// Opens pages in headless Chromium and tells, as JSON on standard output, what a person and an accessibility checker find.
// Standard input: {"pages": [{"name", "url", "width", "dark", "script", "keys", "search", "quick", "shot"}], "cookie": {"name", "value", "url"}}
const fs = require("fs");
const path = require("path");

const tools = process.argv[2];
const { chromium } = require(path.join(tools, "playwright-core"));
const axe = fs.readFileSync(path.join(tools, "axe-core", "axe.min.js"), "utf8");
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

const keys = async (page) => {
  const told = {};
  const active = () => page.evaluate(() => document.activeElement.id || document.activeElement.tagName);
  await page.keyboard.press("/");
  told.slash = await active();
  await page.keyboard.type("route");
  // Not the first line of text: on a slow machine the page answers for "r", which is in everything, before the rest is typed.
  await page.waitForFunction(() => document.querySelectorAll("details.find[hidden]").length > 0);
  told.found = await page.textContent("#found");
  told.hidden = await page.evaluate(() => document.querySelectorAll("details.find[hidden]").length);
  await page.keyboard.press("Escape");
  told.shownAgain = await page.evaluate(() => document.querySelectorAll("details.find[hidden]").length);
  await page.keyboard.press("j");
  told.j = await active();
  await page.keyboard.press("Enter");
  told.opened = await page.evaluate(() => document.activeElement.parentElement.open);
  await page.keyboard.press("o");
  told.all = await page.evaluate(() => [...document.querySelectorAll("details.find")].every((item) => item.open));
  return told;
};

const visit = async (browser, asked, cookie) => {
  const context = await browser.newContext({
    viewport: { width: asked.width, height: 900 },
    colorScheme: asked.dark ? "dark" : "light",
    javaScriptEnabled: asked.script !== false,
  });
  if (cookie) await context.addCookies([cookie]);
  const page = await context.newPage();
  const told = { name: asked.name, problems: [], requests: [] };
  page.on("console", (message) => message.type() === "error" && told.problems.push(message.text()));
  page.on("pageerror", (error) => told.problems.push(error.message));
  page.on("dialog", (dialog) => { told.problems.push("dialog: " + dialog.message()); dialog.dismiss(); });
  page.on("request", (request) => told.requests.push(request.url()));
  const began = Date.now();
  await page.goto(asked.url, { waitUntil: "load" });
  told.loaded_ms = Date.now() - began;
  told.title = await page.title();
  told.text = (await page.locator("main").innerText()).slice(0, 4000);
  if (asked.script !== false) {
    told.overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (asked.keys) told.keys = await keys(page);
    if (!asked.quick) {
      await page.evaluate(axe + ";0");
      const found = await page.evaluate(() => window.axe.run());
      told.passes = found.passes.length;
      told.axe = found.violations.map((one) => `${one.id}: ${one.nodes.length} × ${one.nodes[0].html.slice(0, 200)}`);
    }
    const before = Date.now();
    if (asked.search) {
      await page.fill("#q", asked.search);
      await page.waitForFunction(() => document.getElementById("found").textContent.includes("found"));
      told.search_ms = Date.now() - before;
    }
  }
  if (asked.shot) await page.screenshot({ path: asked.shot });
  await context.close();
  return told;
};

(async () => {
  const order = JSON.parse(fs.readFileSync(0, "utf8"));
  const browser = await chromium.launch({ executablePath: process.argv[3], args: flags });
  const told = [];
  for (const asked of order.pages) told.push(await visit(browser, asked, order.cookie));
  await browser.close();
  process.stdout.write(JSON.stringify(told));
})();
