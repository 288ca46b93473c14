// long_fork.mjs - a building permit, without JavaScript, on a phone and on a desk: two agencies are asked, one agrees, one
// does not; a move is taken back in time; a day off is published and the date moves with its reason; an apology is
// drafted, edited and sent; letters are downloaded and checked by anybody; a deputy signs for the leader.
// Run: node tests/browser/long_fork.mjs [SHOTS=dir]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node_start, browser_start, page_new, shot, check, step, finish, page_check, sign_in, password, top } from './lib.mjs';

const unit = 'h07.21', wide = { width: 1440, height: 900 }, narrow = { width: 375, height: 740 };
const citizen = '083195000000', shown = '083160007919';
const common = {
  investor: 'person', investor_address: 'Ấp Mẫu, xã Thử Nghiệm, tỉnh Bến Tre', phone: '0900000011', permit: 'new', place: 'Ấp Mẫu',
  place_commune: 'Xã Thử Nghiệm', land_lot: 'thửa 126, tờ bản đồ 14', land_area_m2: '2000', land_paper_kind: 'certificate', adjacent: 'false',
  basements: '0', months: '10', declaration: 'true',
};
const factory = {
  ...common, kind: 'works', purpose: 'factory', works_name: 'Xưởng sấy dừa Mẫu', grade: 'iv', ground_area_m2: '800', floor_area_m2: '900',
  height_cm: '850', floors: '1', designer_name: 'Công ty Thiết kế Mẫu', designer_number: 'BET-00012345',
};
const house = { ...common, kind: 'house', ground_area_m2: '80', floor_area_m2: '160', height_cm: '780', floors: '2', designer_name: 'Nguyễn Văn An' };
const paper = { name: 'giay-to.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') };
const text = (page, at = 'main') => page.locator(at).innerText();

async function sign_in_as(browser, url, login, size = wide) {
  const page = await page_new(browser, url, size);
  await sign_in(page, login);
  return page;
}

/** Both widths: nothing too wide, WCAG 2.2 AA, a picture. */
async function looked_at(page, name) {
  for (const [size, tag] of [[narrow, '375'], [wide, '1440']]) {
    await page.setViewportSize(size);
    await page_check(page, `${name} at ${tag}`);
    await shot(page, `${name}-${tag}`);
  }
}

async function answer(page, name, value) {
  const box = page.locator(`[name="a.${name}"]:not([type=hidden])`);
  if (!(await box.count())) return;
  const type = await box.first().getAttribute('type');
  if (type === 'radio' || type === 'checkbox') await page.locator(`[name="a.${name}"][value="${value}"]:not([type=hidden])`).check({ force: true });
  else if ((await box.first().evaluate((e) => e.tagName)) === 'SELECT') await box.first().selectOption(value);
  else await box.first().fill(value);
}

/** Fills the pages one after the other, adds every paper that is asked for, submits; the address of the dossier. */
async function filed(page, answers) {
  await page.goto('/service/building-permit/start?area=H07.21');
  await page.check('input[name=unit][value="H07.21"]', { force: true });
  await page.click('form[method=post] button:has-text("Bắt đầu")');
  const draft = new URL(page.url()).pathname;
  await page.click('.govuk-task-list__link >> nth=0');
  for (let i = 0; i < 60 && page.url().includes('/page/'); i++) {
    for (const [name, value] of Object.entries(answers)) await answer(page, name, value);
    await page.click('main form .govuk-button-group button:first-child');
  }
  await page.goto(draft + '/papers');
  for (let n = await page.locator('input[type=file]').count(), i = 0; i < n; i++) {
    await page.locator('input[type=file]').nth(i).setInputFiles(paper);
    await page.locator('main form:has(input[type=file]) button:has-text("Gửi tệp")').nth(i).click();
  }
  await page.goto(draft + '/check');
  await page.click('form[action$="/submit"] button');
  await page.goto('/me');
  return page.locator('.mc-row__title[href^="/dossier/"]').first().getAttribute('href');
}

/** Opens the act's box and presses its button; inputs by name. */
async function act(page, id, inputs = {}) {
  const box = page.locator(`#act-${id}`);
  if ((await box.getAttribute('open')) === null) await box.locator('summary').click();
  for (const [name, value] of Object.entries(inputs)) await box.locator(`[name="${name}"]`).fill(value);
  await box.locator('button').last().click();
}

/** The code that a dossier got since. */
async function code_of(page, path) {
  await page.goto(path);
  return (await text(page)).match(/H07\.21-\d{6}-\d{4}/)?.[0] ?? '';
}

async function bytes_of(page, href) {
  const r = await page.request.get(href);
  check(r.ok() && r.headers()['content-type'] === 'application/pdf', `${href} is a PDF`);
  return r.body();
}

/** Anybody may ask the public page about the file. */
async function checked(browser, url, pdf, name) {
  const anybody = await page_new(browser, url, narrow);
  const ask = async (buffer) => {
    await anybody.goto('/letter');
    await anybody.setInputFiles('#file', { name: 'giay.pdf', mimeType: 'application/pdf', buffer });
    await anybody.click('main form button');
    return text(anybody);
  };
  check((await ask(pdf)).includes('Giấy tờ này có thật'), `${name}: the public page confirms it`);
  await looked_at(anybody, `letter-${name}`);
  const bad = Buffer.from(pdf);
  bad[bad.length >> 1] ^= 1;
  check((await ask(bad)).includes('Không xác nhận được'), `${name}: one byte changed, and it does not`);
  await anybody.context().close();
}

const iso = (vn) => vn.split('/').reverse().join('-');
const undo = 8; // seconds
const node = await node_start({ month: true, undo });
/** What officers did can be taken back no more, and applicants see it. */
const settled = () => new Promise((ok) => setTimeout(ok, (undo + 0.5) * 1000));
const browser = await browser_start();
const scratch = mkdtempSync(join(tmpdir(), 'motcua-fork-'));
try {
  const phone = await sign_in_as(browser, node.url, citizen, narrow);
  const reception = await sign_in_as(browser, node.url, `reception.${unit}`);
  const specialist = await sign_in_as(browser, node.url, `specialist.${unit}`);
  const leader = await sign_in_as(browser, node.url, `leader.${unit}`);
  let path = '', code = '', due = '';

  await step('a printed account has work in hand: who holds it, since when, days left', async () => {
    const page = await sign_in_as(browser, node.url, shown, narrow);
    await page.goto('/me');
    const open = page.locator('.mc-row:has-text("Còn")').first();
    check(await open.count() === 1, 'a dossier with days left');
    await open.locator('a[href^="/dossier/"]').first().click();
    const words = await text(page);
    check(/UBND/.test(words) && /Còn \d+ ngày/.test(words) && /từ/i.test(words), 'the page says who, since when and how long');
    await looked_at(page, 'in-work');
    await page.context().close();
  });

  await step('the citizen files on a phone; reception receives: a code and a receipt', async () => {
    path = await filed(phone, factory);
    await reception.goto(`/desk/dossier/${path.split('/').pop()}`);
    await act(reception, 'accept');
    await settled();
    code = await code_of(phone, path);
    check(/^H07\.21-\d{6}-\d{4}$/.test(code), code);
  });

  await step('the receipt is downloaded, and anybody may check it', async () => {
    await phone.goto(`/dossier/${code}`);
    const link = phone.locator('a[href*="/letter/01/"]').first();
    await checked(browser, node.url, await bytes_of(phone, await link.getAttribute('href')), 'receipt');
  });

  await step('a move is taken back within its time, as if it had never asked anybody', async () => {
    await specialist.goto(`/desk/dossier/${code}`);
    await act(specialist, 'consult');
    await specialist.goto(`/desk/dossier/${code}`);
    check(await specialist.locator('form[action$="/undo"]').count() === 1, 'it can be taken back');
    await shot(specialist, 'undo-1440');
    await phone.goto(`/dossier/${code}`);
    check(!(await text(phone)).includes('Sở Xây dựng'), 'the citizen is not told yet');
    await specialist.click('form[action$="/undo"] button');
    await specialist.goto(`/desk/dossier/${code}`);
    check(await specialist.locator('#act-consult').count() === 1, 'it stands where it stood');
    check(await specialist.locator('form[action$="/undo"]').count() === 0, 'and cannot be taken back twice');
    const fire = await sign_in_as(browser, node.url, 'specialist.h07.09');
    await fire.goto('/desk/asked');
    check(!(await text(fire)).includes(code), 'nobody is asked any more');
    await fire.context().close();
  });

  await step('two agencies are asked; the citizen reads who, and until when', async () => {
    await specialist.goto(`/desk/dossier/${code}`);
    await act(specialist, 'consult');
    await settled();
    await phone.goto(`/dossier/${code}`);
    const words = await text(phone);
    check(words.includes('Sở Xây dựng') && words.includes('Sở Tài nguyên và Môi trường'), 'both are named');
    check(words.includes('Các cơ quan được lấy ý kiến') && !words.includes('Hệ thống\n'), 'and it lies with them, not with a system');
    await looked_at(phone, 'asked-citizen');
  });

  await step('why that day: each day with its reason', async () => {
    await phone.locator('a[href$="/due"]').first().click();
    check(await phone.locator('table tbody tr').count() >= 10, 'day by day');
    await looked_at(phone, 'due');
    const r = await phone.request.get(`/api/v1/dossiers/${code}/due`);
    if (r.ok()) due = (await r.json()).clocks.find((c) => c.id === 'promise').due;
    if (!due) due = iso((await text(phone)).match(/\d\d\/\d\d\/\d{4}/)[0]);
    check(/^\d{4}-\d\d-\d\d$/.test(due), due);
  });

  await step('a day off is published on that very day: the date moves, the old one stays to be seen, with its reason', async () => {
    const list = join(scratch, 'days.csv');
    writeFileSync(list, readFileSync(join(top, 'demo/calendar.csv'), 'utf8').trimEnd() + `\n${due},holiday,Nghỉ phòng chống bão\n`);
    await node.offline((run) => { run('calendar', 'import', list); run('calendar', 'publish'); });
    await phone.goto(`/dossier/${code}/due`);
    const words = await text(phone), old = due.split('-').reverse().join('/');
    check(words.includes(old), `the promise of ${old} is still to be seen`);
    check(words.includes('Nghỉ phòng chống bão'), 'the day off has its name');
    await looked_at(phone, 'due-moved');
    await phone.goto(`/dossier/${code}`);
    check(/lịch/i.test(await text(phone)), 'and the dossier tells why');
    await shot(phone, 'moved-citizen');
  });

  await step('one agency agrees; one refuses, which needs a reason', async () => {
    const fire = await sign_in_as(browser, node.url, 'specialist.h07.09');
    await fire.goto('/desk/asked');
    await looked_at(fire, 'asked');
    await fire.click(`a[href^="/desk/dossier/${code}"]`);
    await fire.check('input[name=outcome][value=agree]', { force: true });
    await fire.fill('[name=comment]', 'Đủ khoảng cách an toàn phòng cháy.');
    await fire.click('#branches form button');
    const soil = await sign_in_as(browser, node.url, 'specialist.h07.10');
    await soil.goto(`/desk/dossier/${code}`);
    await soil.check('input[name=outcome][value=refuse]', { force: true });
    await soil.click('#branches form button');
    check(await soil.locator('.govuk-error-summary').count() === 1, 'why, must be said');
    await looked_at(soil, 'opinion-error');
    await soil.check('input[name=outcome][value=refuse]', { force: true });
    await soil.fill('[name=comment]', 'Chưa có hệ thống xử lý nước thải.');
    await soil.click('#branches form button');
    for (const p of [fire, soil]) await p.context().close();
  });

  await step('the join: the dossier went on by itself, and all may read both opinions', async () => {
    await specialist.goto(`/desk/dossier/${code}`);
    check(await specialist.locator('#act-refuse').count() === 1, 'the opinions are being put together');
    await specialist.goto(`/desk/dossier/${code}`);
    await looked_at(specialist, 'joined');
    await phone.goto(`/dossier/${code}`);
    const words = await text(phone);
    check(words.includes('Đủ khoảng cách an toàn') && words.includes('Chưa có hệ thống xử lý nước thải'), 'the citizen too');
    await looked_at(phone, 'joined-citizen');
    const slip = await specialist.request.get(`/desk/dossier/${code}/slip`);
    check(slip.ok(), 'the slip');
  });

  await step('an apology: drafted by the program, edited by an officer, sent once', async () => {
    await specialist.goto(`/desk/dossier/${code}/apology`);
    await specialist.fill('#reason', '');
    await specialist.click('main form button');
    check(await specialist.locator('#reason-error').count() === 1, 'without a reason: said beside the field');
    await looked_at(specialist, 'apology-error');
    const day = await specialist.inputValue('#day');
    await specialist.fill('#reason', 'Hai cơ quan có ý kiến khác nhau, phải họp để thống nhất.');
    await specialist.click('main form button');
    await phone.goto(`/dossier/${code}`);
    check((await text(phone)).includes(day.split('-').reverse().join('/')), 'the citizen sees the new day');
    await looked_at(phone, 'apology-citizen');
    const link = phone.locator('a[href*="/letter/04/"]').first();
    await checked(browser, node.url, await bytes_of(phone, await link.getAttribute('href')), 'apology');
    check((await specialist.goto(`/desk/dossier/${code}/apology`)).status() >= 400, 'a second one is refused');
  });

  await step('the leader lends the signature for a term; the deputy signs, and it is said for whom', async () => {
    const where = await filed(phone, house);
    await reception.goto(`/desk/dossier/${where.split('/').pop()}`);
    await act(reception, 'accept_house');
    await settled();
    const other = await code_of(phone, where);
    await specialist.goto(`/desk/dossier/${other}`);
    await act(specialist, 'propose');
    await reception.goto(`/desk/dossier/${other}`);
    check(await reception.locator('#act-sign').count() === 0, 'a deputy may not sign yet');
    await leader.goto('/desk/delegations');
    await leader.click('main form button');
    check(await leader.locator('.govuk-error-summary a[href="#to"]').count() === 1, 'nobody signs without being chosen');
    await leader.selectOption('#to', { index: 1 });
    await leader.check('#procedure-1\\.009122', { force: true });
    await leader.click('main form button');
    check(await leader.locator('.govuk-error-summary a[href="#from_day"]').count() === 1, 'a term must be given');
    check(await leader.locator('#from_day-error').isVisible(), 'said beside its box, too');
    check(await leader.isChecked('#procedure-1\\.009122') && (await leader.inputValue('#to')) !== '', 'what was chosen stands');
    await looked_at(leader, 'delegation-error');
    const today = new Date(Date.now() + 7 * 3600e3).toISOString().slice(0, 10);
    const deputy = await leader.locator('#to optgroup[label*="Một cửa"] option').first().getAttribute('value');
    await leader.selectOption('#to', deputy);
    await leader.fill('#from_day', today);
    await leader.fill('#to_day', '2020-01-01');
    await leader.click('main form button >> nth=0');
    check(await leader.locator('.govuk-error-summary a[href="#to_day"]').count() === 1, 'which does not end before it begins');
    check(await leader.inputValue('#from_day') === today, 'what was typed stands');
    await leader.selectOption('#to', deputy);
    await leader.fill('#to_day', today);
    await leader.click('main form button >> nth=0');
    check(await leader.locator('form[action$="/end"]').count() === 1, 'the term stands in the list');
    check(/Cấp giấy phép xây dựng/.test(await text(leader, 'table')), 'with the name of what may be signed');
    await looked_at(leader, 'delegation');
    await reception.goto(`/desk/dossier/${other}`);
    await act(reception, 'sign');
    await reception.goto(`/desk/dossier/${other}`);
    check(/thay|ủy quyền|uỷ quyền/i.test(await text(reception, '.mc-timeline')), 'the history says for whom');
    await looked_at(reception, 'signed-for');
  });
} catch (e) {
  console.error(e.message);
  console.error(node.log().split('\n').filter((l) => !/status=(200|303)/.test(l)).slice(-8).join('\n'));
} finally {
  await browser.close();
  await node.stop();
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(finish());
