// screenshot.mjs PAGE PNG: the top of a report, as wide as a README shows it.
import { pathToFileURL } from 'node:url';
import { browser } from './browser.mjs';

const [page_file, png] = process.argv.slice(2);
const chromium = await browser();
const page = await chromium.newPage({ viewport: { width: 1200, height: 900 } });
await page.goto(pathToFileURL(page_file).href);
const end = await page.locator('#timeline').evaluate((e) => e.querySelector('figure').getBoundingClientRect().bottom);
await page.screenshot({ path: png, fullPage: true, clip: { x: 0, y: 0, width: 1200, height: Math.ceil(end) + 24 } });
await chromium.close();
