// shots.mjs - the pictures of the README: node tools/shots.mjs writes docs/shots/*.png from a fresh demo month.
// Needs a built program, Chromium and ImageMagick (convert).
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { node_start, browser_start, page_new, sign_in, top } from '../tests/browser/lib.mjs';

const to = join(top, 'docs/shots'), citizen = '083160007919', unit = 'H07.21.01', most = 150 * 1024;
const answers = {
  relation: 'mother', requester_residence: 'Ấp An Thuận, xã Mẫu, tỉnh Bến Tre', requester_phone: '0901234567',
  child_name: 'Trần Văn Mẫu', child_birth_day: day_ago(20), child_sex: 'male', birth_kind: 'facility', surrogacy: 'false',
  facility_name: 'Bệnh viện Nguyễn Đình Chiểu', birth_place: 'Phường 5, thành phố Bến Tre', child_home_town: 'Xã Mẫu, tỉnh Bến Tre',
  mother_name: 'Nguyễn Thị Thử', mother_birth_day: ['27', '8', '1990'], mother_residence: 'Xã Mẫu, tỉnh Bến Tre', father_basis: 'none',
  copies: '2', declaration: 'true',
};
const paper = { name: 'giay-chung-sinh.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') };

function day_ago(n) {
  const d = new Date(Date.now() + 7 * 3600e3 - n * 86400e3);
  return [d.getUTCDate(), d.getUTCMonth() + 1, d.getUTCFullYear()].map(String);
}

async function picture(page, name, height) {
  const path = join(to, `${name}.png`), { width } = page.viewportSize();
  const all = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.evaluate(() => document.activeElement?.blur()).catch(() => {});
  await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(all, height) } });
  execFileSync('convert', [path, '-strip', '-dither', 'None', '-colors', '64', 'PNG8:' + path]);
  const { size } = statSync(path);
  console.log(`${name}.png ${size} bytes`);
  if (size > most) throw new Error(`${name}.png is over ${most} bytes`);
}

async function answer(page, name, value) {
  if (Array.isArray(value)) {
    for (const [i, part] of ['day', 'month', 'year'].entries()) {
      const box = page.locator(`[name="a.${name}.${part}"]`);
      if (await box.count()) await box.fill(value[i]);
    }
    return;
  }
  const box = page.locator(`[name="a.${name}"]:not([type=hidden])`);
  if (!(await box.count())) return;
  const type = await box.first().getAttribute('type');
  if (type === 'radio' || type === 'checkbox') await page.locator(`[name="a.${name}"][value="${value}"]:not([type=hidden])`).check({ force: true });
  else await box.first().fill(value);
}

async function on_phone(page) {
  await page.goto('/');
  await picture(page, 'home-375', 900);
  await sign_in(page, citizen);
  await page.goto('/service/birth-registration/start?area=H07.21');
  await page.check(`input[name=unit][value="${unit}"]`, { force: true });
  await page.click('form[method=post] button:has-text("Bắt đầu")');
  const draft = new URL(page.url()).pathname;
  await page.click('.govuk-task-list__link >> nth=0');
  for (let i = 0; i < 40 && page.url().includes('/page/'); i++) {
    for (const [name, value] of Object.entries(answers)) await answer(page, name, value);
    if (page.url().endsWith('/child-birth')) await picture(page, 'question-375', 900);
    await page.click('main form .govuk-button-group button:first-child');
  }
  await page.goto(draft + '/papers');
  await page.setInputFiles('input[type=file]', paper);
  await page.click('main form button:has-text("Gửi tệp")');
  await page.goto(draft + '/check');
  await page.click('form[action$="/submit"] button');
  await picture(page, 'done-375', 900);
  await page.goto('/me'); // the demo gave this account work in hand: who holds it, since when, days left
  await page.locator('.mc-row:has-text("Còn")').last().locator('a[href^="/dossier/"]').first().click();
  await picture(page, 'dossier-375', 1100);
}

async function at_desk(page) {
  await sign_in(page, `reception.${unit}`);
  await page.goto('/desk/list?box=unit');
  await picture(page, 'desk', 800);
  const own = page.locator('.mc-inbox tr:has-text("Đăng ký khai sinh") a[href^="/desk/dossier/"]').last();
  await page.goto(await own.getAttribute('href'));
  await picture(page, 'officer-dossier', 1100);
}

mkdirSync(to, { recursive: true });
const node = await node_start({ month: true });
const browser = await browser_start();
try {
  await on_phone(await page_new(browser, node.url));
  await at_desk(await page_new(browser, node.url, { width: 1280, height: 800 }));
  const figures = await page_new(browser, node.url, { width: 1280, height: 800 });
  await figures.goto('/figures');
  await picture(figures, 'figures', 1100);
} finally {
  await browser.close();
  await node.stop();
}
