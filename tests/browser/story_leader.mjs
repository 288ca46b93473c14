// story_leader.mjs - a leader asks what if: knobs in the address, a picture with its table, on a phone and a wide screen, without scripts.
import { browser_start, check, finish, node_start, page_check, page_new, shot, sign_in, size_check, step } from './lib.mjs';

const node = process.env.NODE_URL ? { url: process.env.NODE_URL, stop() {} } : await node_start({ month: true });
const browser = await browser_start();
const leader = 'leader.h07.28.15';
const address = '/figures/what-if?specialist=2&surge=30&absent=1&absent_role=reception&order=edf';
try {
  const phone = await page_new(browser, node.url);
  await step('nobody but who has the right plays', async () => {
    const r = await phone.request.get('/figures/what-if', { maxRedirects: 0 });
    check(r.status() !== 200, 'a visitor is not shown it');
  });
  await sign_in(phone, leader);
  await step('today: the page is filled with the office as it is', async () => {
    await phone.goto('/figures/what-if');
    check(await phone.inputValue('#specialist') === '1', 'one specialist today');
    await phone.waitForSelector('svg.mc-chart polyline');
    await page_check(phone, 'what-if, phone');
    await shot(phone, 'whatif-phone');
  });
  await step('what if: the knobs stand in the address', async () => {
    await phone.fill('#specialist', '3');
    await phone.click('form.mc-filter button');
    check(new URL(phone.url()).searchParams.get('specialist') === '3', 'the address has it');
    check(await phone.inputValue('#specialist') === '3', 'the form keeps it');
  });
  const wide = await page_new(browser, node.url, { width: 1440, height: 900 });
  await sign_in(wide, leader);
  await step('a shared address gives the same page', async () => {
    await wide.goto(address);
    const text = await wide.textContent('main');
    check(await wide.inputValue('#surge') === '30' && await wide.inputValue('#order') === 'edf', 'knobs are taken from it');
    await wide.goto(address);
    check(await wide.textContent('main') === text, 'twice the same figures');
    await page_check(wide, 'what-if, wide');
    await size_check(wide, address);
    await shot(wide, 'whatif-wide');
  });
  await step('another unit is refused, nonsense is as today', async () => {
    check((await wide.request.get('/figures/what-if?unit=H07.21.01')).status() === 403, 'another unit');
    const odd = await wide.request.get('/figures/what-if?specialist=x&surge=9999&from=never');
    check(odd.status() === 200, 'what cannot be read is left as it is today');
  });
} catch (e) {
  console.log(String(e.stack ?? e));
} finally {
  await browser.close();
  await node.stop();
}
process.exit(finish());
