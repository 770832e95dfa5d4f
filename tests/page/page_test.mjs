// The report page as its readers meet it: opened from disk, at three widths, by keyboard, by a
// screen reader's rules, on paper. The pages are those of tests/golden/report, given by REPORTS.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { browser } from './browser.mjs';

const reports = process.env.REPORTS;
const files = readdirSync(reports).filter((f) => f.endsWith('.html'));
const widths = [390, 900, 1440];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let chromium;
before(async () => { chromium = await browser(); });
after(async () => { await chromium?.close(); });

/// A page in a context of its own, with all that it complained of and asked for.
async function open(file, options = {}) {
  const context = await chromium.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  const said = [], asked = [];
  page.on('console', (m) => said.push(m.text()));
  page.on('pageerror', (e) => said.push(String(e)));
  page.on('request', (r) => asked.push(r.url()));
  const url = pathToFileURL(join(reports, file)).href;
  await page.goto(url);
  return { page, said, asked, url, close: () => context.close() };
}

test('there are pages to look at', () => assert.ok(files.length >= 3, String(files)));

for (const file of files) {
  for (const width of widths) {
    test(`${file} at ${width} px: nothing is fetched, refused or cut off`, async () => {
      const { page, said, asked, url, close } = await open(file, { viewport: { width, height: 900 } });
      assert.deepEqual(said, []);
      assert.deepEqual(asked, [url]);
      const seen = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        scripts: document.scripts.length,
        pictures: [...document.querySelectorAll('figure > svg')].filter((s) => s.getBoundingClientRect().width > 0).length,
        figures: document.querySelectorAll('figure').length,
        // What sticks out of the page without a region that scrolls.
        out: [...document.querySelectorAll('body *')].filter((e) => !e.closest('.scroll, svg, .skip, .stack thead, details:not([open])') &&
          e.tagName !== 'CAPTION' && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 120)),
      }));
      assert.ok(seen.wide <= width, `${seen.wide} px wide`);
      assert.equal(seen.scripts, 0);
      assert.equal(seen.pictures, seen.figures, 'one layout of the timeline is shown');
      assert.deepEqual(seen.out, []);
      await close();
    });
  }

  test(`${file}: the verdict is the first and the largest`, async () => {
    const { page, close } = await open(file);
    const seen = await page.evaluate(() => {
      const size = (e) => parseFloat(getComputedStyle(e).fontSize);
      const verdict = document.querySelector('#verdict');
      return {
        first: document.querySelector('main').innerText.trim().split('\n')[0],
        verdict: verdict.innerText.trim(),
        word: document.title.split(' – ')[0],
        others: Math.max(...[...document.querySelectorAll('h1, h2:not(#verdict), h3, p, td, li')].map(size)),
        size: size(verdict),
        bottom: document.querySelector('.sentence').getBoundingClientRect().bottom,
        banner: document.querySelector('.banner').innerText,
      };
    });
    assert.ok(seen.verdict.startsWith(seen.word), seen.verdict);
    assert.ok(seen.first.startsWith(seen.word), seen.first);
    assert.ok(seen.size > 1.5 * seen.others);
    assert.ok(seen.bottom < 600, 'it is read without scrolling');
    assert.match(seen.banner, /exercise, not real/i);
    await close();
  });

  test(`${file}: headings, tables and pictures can be heard`, async () => {
    const { page, close } = await open(file);
    const seen = await page.evaluate(() => ({
      levels: [...document.querySelectorAll('h1, h2, h3, h4')].filter((h) => h.checkVisibility()).map((h) => +h.tagName[1]),
      tables: [...document.querySelectorAll('table')].map((t) => ({
        caption: t.caption?.textContent ?? '',
        columns: [...t.tHead.rows[0].cells].every((c) => c.tagName === 'TH' && c.scope === 'col' && c.textContent),
        rows: [...t.tBodies[0].rows].every((r) => r.cells[0].tagName === 'TH' && r.cells[0].scope === 'row' &&
          r.cells.length === t.tHead.rows[0].cells.length),
      })),
      pictures: [...document.querySelectorAll('svg')].filter((s) => s.getAttribute('aria-hidden') !== 'true')
        .map((s) => [s.getAttribute('role'), !!s.getAttribute('aria-label'), !!s.querySelector('desc')?.textContent]),
      badges: [...document.querySelectorAll('.badge')].every((b) => b.textContent.trim() && b.querySelector('svg')),
      twin: [...document.querySelectorAll('#timeline summary')].map((s) => s.innerText),
      landmarks: ['header', 'main', 'nav', 'footer'].every((l) => document.querySelectorAll(l).length === 1),
    }));
    assert.equal(seen.levels[0], 1);
    assert.equal(seen.levels.filter((l) => l === 1).length, 1);
    seen.levels.forEach((l, i) => assert.ok(i === 0 || l <= seen.levels[i - 1] + 1, `h${l} after h${seen.levels[i - 1]}`));
    for (const t of seen.tables) assert.ok(t.caption && t.columns && t.rows, JSON.stringify(t));
    for (const p of seen.pictures) assert.deepEqual(p, ['img', true, true]);
    assert.ok(seen.badges, 'no sign without its word');
    assert.ok(seen.landmarks);
    assert.equal(seen.twin.length, 1, 'the timeline stands there as a table too');
    await close();
  });

  test(`${file}: every control is reached by Tab, in order, and shows it`, async () => {
    const { page, close } = await open(file);
    const wanted = await page.evaluate(() => [...document.querySelectorAll('a[href], summary, [tabindex="0"]')]
      .filter((e) => e.checkVisibility({ contentVisibilityAuto: true })).map((e, i) => { e.dataset.n = i; return i; }));
    const met = [];
    for (let i = 0; i < wanted.length; ++i) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const e = document.activeElement, s = getComputedStyle(e);
        return { n: e.dataset.n === undefined ? e.outerHTML.slice(0, 80) : +e.dataset.n, shown: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
          skip: e.className === 'skip' };
      });
      assert.ok(at.shown, `focus is not seen on ${at.n}`);
      assert.ok(i > 0 || at.skip, 'the first one leads past the header');
      met.push(at.n);
    }
    assert.deepEqual(met, wanted);
    const fold = page.locator('summary').first();
    await fold.focus();
    await page.keyboard.press('Enter');
    assert.ok(await fold.evaluate((e) => e.parentElement.open), 'Enter opens what is folded');
    await close();
  });

  for (const colorScheme of ['light', 'dark']) {
    test(`${file}, ${colorScheme}: the rules of WCAG 2.2 AA that a machine can check`, async () => {
      // The policy lets no script in: only here is it set aside, for the checker itself.
      const { page, close } = await open(file, { colorScheme, bypassCSP: true });
      await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
      await page.addScriptTag({ content: axe });
      const found = await page.evaluate(() => axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
      assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join(' | ')}`), []);
      assert.ok(found.passes.some((p) => p.id === 'color-contrast'));
      await close();
    });
  }

  test(`${file}: on paper it is A4, light, whole, and can be signed`, async () => {
    const { page, said, close } = await open(file, { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 688, height: 1000 });  // A4 without its margins
    const seen = await page.evaluate(() => ({
      folded: [...document.querySelectorAll('details')].filter((d) => !d.lastElementChild.checkVisibility({ contentVisibilityAuto: true }) ||
        d.lastElementChild.getBoundingClientRect().height === 0).length,
      paper: getComputedStyle(document.documentElement).getPropertyValue('--paper').trim(),
      sign: document.querySelector('#sign-off').getBoundingClientRect().height,
      nav: document.querySelector('nav').checkVisibility(),
      wide: document.documentElement.scrollWidth,
    }));
    assert.equal(seen.folded, 0, 'what is folded on a screen is printed');
    assert.equal(seen.paper, '#fff');
    assert.ok(seen.sign > 100);
    assert.equal(seen.nav, false);
    assert.ok(seen.wide <= 688, `${seen.wide} px of 688`);
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
    const pages = pdf.match(/\/Type\s*\/Page[^s]/g) ?? [];
    assert.ok(pages.length >= 2, `${pages.length} pages`);
    for (const [, w, h] of pdf.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/g))
      assert.deepEqual([Math.round(+w), Math.round(+h)], [595, 842]);
    assert.deepEqual(said, []);
    await close();
  });
}
