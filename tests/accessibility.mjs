// Ask axe-core about pages of the built site in headless Chromium; 1 where a finding is serious or critical.
// Started by `nox -s accessibility`, which installs axe-core and puppeteer-core beside the site.
import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import path from "node:path";

const [, , modules, site, ...pages] = process.argv;
const require = createRequire(path.join(path.resolve(modules), "package.json"));
const puppeteer = require("puppeteer-core");
const axe = require.resolve("axe-core/axe.min.js");
const chromium = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].find((each) => each && existsSync(each));
if (!chromium) throw new Error("no Chromium here; name it in CHROMIUM");

const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--allow-file-access-from-files"] });
let serious = 0;
for (const scheme of ["light", "dark"]) {
  for (const name of pages) {
    const page = await browser.newPage();
    const elsewhere = [];
    page.on("request", (request) => request.url().startsWith("http") && elsewhere.push(request.url()));
    await page.setViewport({ width: 1280, height: 900 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.goto(`file://${path.resolve(site, name)}`, { waitUntil: "load" });
    await new Promise((done) => setTimeout(done, 500)); // docs/assets/site.js has run
    await page.addScriptTag({ path: axe });
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    for (const each of found.violations) {
      const weighs = ["serious", "critical"].includes(each.impact);
      serious += weighs ? 1 : 0;
      console.log(`${name} (${scheme}): ${each.impact}: ${each.id}: ${each.help}`);
      for (const node of each.nodes.slice(0, 4)) console.log(`    ${node.target.join(" ")}: ${node.failureSummary.split("\n")[1]}`);
    }
    const wrong = await page.evaluate(() =>
      [...document.querySelectorAll("pre > code")]
        .filter((each) => each.querySelector(".gp"))
        .map((each) => each.dataset.copy ?? "nothing")
        .filter((each) => !each.split("\n").every((line) => /^(rescuecalc|cat|echo|  ) ?/.test(line)))
    );
    serious += wrong.length;
    for (const each of wrong) console.log(`${name}: the button of a block copies more than commands: ${each}`);
    serious += elsewhere.length;
    for (const each of elsewhere) console.log(`${name}: asks ${each}`);
    if (name === pages[0] && scheme === "light") {
      await new Promise((done) => setTimeout(done, 2000));
      await page.click(".md-search__button");
      await new Promise((done) => setTimeout(done, 1500));
      await page.keyboard.type("clopidogrel", { delay: 50 });
      await new Promise((done) => setTimeout(done, 5000));
      // The dialog lives in a shadow root.
      const shown = await page.evaluate(() => [...document.querySelectorAll("*")].map((each) => each.shadowRoot?.textContent ?? "").join(" "));
      const hits = shown.split(/clopidogrel/i).length - 1;
      console.log(`search for clopidogrel, page opened as a file: ${hits} places`);
      serious += hits > 3 ? 0 : 1;
    }
    await page.close();
  }
}
await browser.close();
console.log(`${pages.length} pages, light and dark: ${serious} serious findings`);
process.exit(serious ? 1 : 0);
