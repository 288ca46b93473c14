// long_quality.mjs - a node that looked at itself: /quality and what it leads to, on a phone and a wide screen; a form that refuses
// is counted; an administrator announces maintenance, too early first, and every page says so.
// Run: node tests/browser/long_quality.mjs [SHOTS=dir]
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { browser_start, check, finish, node_start, page_check, page_new, shot, sign_in, step } from './lib.mjs';

const node = await node_start({ month: true });
const browser = await browser_start();
const sizes = [[375, 740], [1440, 900]];
const two = (n) => String(n).padStart(2, '0');
/** As a field of the page wants it: so many milliseconds from now, at that hour or as it is then in Viet Nam. */
const at = (ms, hour) => {
  const iso = new Date(Date.now() + 7 * 3600e3 + ms).toISOString();
  return hour === undefined ? iso.slice(0, 16) : `${iso.slice(0, 10)}T${two(hour)}:00`;
};
const evening = (days, hour = 20) => at(days * 86400e3, hour);

async function looked_at(page, path, width) {
  await page.goto(path);
  await page_check(page, `${path} at ${width}`);
  await shot(page, `${path.replace(/\W+/g, '-').slice(1)}-${width}`);
}

try {
  await step('somebody is refused three times and stops', async () => {
    const page = await page_new(browser, node.url);
    await page.goto('/service/petition/start');
    if (!await page.locator('input[name=unit]').count()) await page.goto('/service/petition/start?area=H07.21');
    await page.locator('input[name=unit]').first().check();
    await page.locator('main form button').last().click();
    const draft = new URL(page.url()).pathname.split('/')[2];
    await page.goto(`/draft/${draft}/page/kind`);
    for (let i = 0; i < 3; i++) await page.locator('main form button').first().click();
    check((await page.textContent('main')).includes('Có lỗi') || await page.locator('.govuk-error-summary').count() > 0, 'an empty answer is refused');
    await page.locator('input[value=local]').check();
    await page.locator('main form button').first().click();
    await page.context().close();
  });
  await node.offline((run) => {
    run('quality', 'crawl');
    appendFileSync(join(node.data, 'motcua.conf'), 'quality_probe_s = 1\n');
  });
  await new Promise((ok) => setTimeout(ok, 9000));
  for (const [width, height] of sizes) {
    const page = await page_new(browser, node.url, { width, height });
    await step(`what is published at ${width}`, async () => {
      await looked_at(page, '/quality', width);
      const text = await page.textContent('main');
      for (const words of ['Đăng ký khai sinh', 'Rất hài lòng', 'Số lần bấm', '95% trả lời trong', 'sổ cái']) check(text.includes(words), `it says ${words}`);
      check(await page.locator('tbody tr').count() === 6, 'six services');
      check(await page.locator('tbody a[href*="/figures/received_online?period=year&procedure="]').count() === 6, 'figures lead to what they count');
      await page.locator('tbody a[href="/quality/PAKN"]').first().click();
      await looked_at(page, '/quality/PAKN', width);
      check(await page.locator('svg.mc-chart').count() === 2, 'looks by day and the funnel are drawn');
      check(await page.locator('table').count() === 3, 'and told as tables, with the questions refused');
      check((await page.textContent('main')).includes('< 5'), 'few refusals are hidden');
      for (const path of ['/quality/links', '/quality/pages', '/quality/maintenance', '/quality/1.001193']) await looked_at(page, path, width);
    });
    await page.context().close();
  }
  const admin = await page_new(browser, node.url, { width: 1440, height: 900 });
  await step('maintenance: too early, then in time', async () => {
    await sign_in(admin, 'admin.h07');
    await admin.goto('/quality/maintenance');
    const send = async (from, to, reason) => {
      await admin.fill('#from', from);
      await admin.fill('#to', to);
      await admin.fill('#reason', reason);
      await admin.locator('main form button').last().click();
    };
    await send(at(3600e3), evening(1), 'Nâng cấp máy chủ');
    check((await admin.textContent('.govuk-error-summary')).includes('ít nhất một ngày làm việc'), 'it says why');
    check(await admin.inputValue('#reason') === 'Nâng cấp máy chủ', 'what was typed stays');
    await page_check(admin, 'the refusal');
    await shot(admin, 'quality-maintenance-refused');
    await send(evening(6), evening(6, 22), 'Nâng cấp máy chủ');
    check((await admin.textContent('main')).includes('Sắp diễn ra'), 'it is listed');
    await page_check(admin, 'maintenance as an administrator');
  });
  for (const [width, height] of sizes) {
    const page = await page_new(browser, node.url, { width, height });
    await step(`every page says so at ${width}`, async () => {
      await looked_at(page, '/', width);
      check((await page.textContent('.mc-notice')).includes('Nâng cấp máy chủ'), 'the front page');
      await page.goto('/figures');
      check(await page.locator('.mc-notice').count() === 1, 'the figures');
      await page_check(page, 'figures with a notice');
    });
    await page.context().close();
  }
  await step('it is taken back', async () => {
    await admin.goto('/quality/maintenance');
    await admin.locator('button.govuk-button--warning').click();
    check((await admin.textContent('main')).includes('Đã hủy'), 'it says so');
    await shot(admin, 'quality-maintenance-cancelled');
  });
} catch (e) {
  check(false, String(e.stack ?? e));
} finally {
  await browser.close();
  await node.stop();
}
process.exit(finish());
