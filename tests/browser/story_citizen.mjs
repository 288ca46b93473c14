// story_citizen.mjs - a citizen on a phone without JavaScript: finds a service, registers, fills in, leaves and
// comes back, sends a photo, files, proves it, supplements, gets the result, rates; another one files without
// an account. Officers act through the API. Run: node tests/browser/story_citizen.mjs [SHOTS=dir]
import { execFileSync } from 'node:child_process';
import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import {
  node_start, browser_start, page_new, shot, check, step, finish, page_check, size_check, sign_in, officer, motcua,
} from './lib.mjs';

const me = { number: '083190123456', name: 'Nguyễn Thị Thử', day: '27', month: '8', year: '1990', password: 'ba con ngỗng vàng' };
const unit = { area: 'H07.21', code: 'H07.21.01' };
const answers = {
  relation: 'mother', requester_residence: 'Ấp An Thuận, xã Mẫu, tỉnh Bến Tre', requester_phone: '0901234567', requester_email: 'thu@example.org',
  child_name: 'trần văn mẫu', child_birth_day: { back: 20 }, child_sex: 'male', birth_kind: 'facility', surrogacy: 'false',
  facility_name: 'Bệnh viện Nguyễn Đình Chiểu', birth_place: 'Phường 5, thành phố Bến Tre', child_home_town: 'Xã Mẫu, tỉnh Bến Tre',
  mother_name: 'Nguyễn Thị Thử', mother_birth_day: ['27', '8', '1990'], mother_number: me.number, mother_residence: 'Xã Mẫu, tỉnh Bến Tre',
  father_basis: 'none', copies: '2', declaration: true,
};
const petition = {
  kind: 'local', field: null, subject: 'Đường hỏng trước cổng chợ', content: 'Mặt đường trước cổng chợ bị sụt, xe máy hay ngã khi trời mưa.',
  proposal: 'Xin sửa mặt đường.', place: 'Cổng chợ phường Phú Khương', happened_day: { back: 2 }, identity: 'anonymous', may_publish: 'true', confidential: 'false',
  declaration: true,
};

// A small PNG, as a phone's photo would be.
function png() {
  const crc_table = [...Array(256)].map((_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n >>> 0; });
  const crc = (b) => { let c = ~0; for (const x of b) c = crc_table[(c ^ x) & 255] ^ (c >>> 8); return ~c >>> 0; };
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const head = Buffer.alloc(4), tail = Buffer.alloc(4);
    head.writeUInt32BE(data.length); tail.writeUInt32BE(crc(body));
    return Buffer.concat([head, body, tail]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(8, 0); size.writeUInt32BE(8, 4); size[8] = 8; size[9] = 2;
  const rows = Buffer.concat([...Array(8)].map(() => Buffer.concat([Buffer.from([0]), Buffer.alloc(24, 200)])));
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', size), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function date_of(v) {
  if (Array.isArray(v)) return v;
  const d = new Date(Date.now() + 7 * 3600e3 - v.back * 86400e3);
  return [d.getUTCDate(), d.getUTCMonth() + 1, d.getUTCFullYear()].map(String);
}

// Answers what the page asks, from `all`; null chooses the first option.
async function answer(page, all) {
  for (const [name, value] of Object.entries(all)) {
    const box = page.locator(`[name="a.${name}"]`);
    if (await page.locator(`[name="a.${name}.day"]`).count()) {
      const [d, m, y] = date_of(value);
      await page.fill(`[name="a.${name}.day"]`, d);
      await page.fill(`[name="a.${name}.month"]`, m);
      await page.fill(`[name="a.${name}.year"]`, y);
    } else if (await box.count()) {
      const first = box.first();
      const type = await first.getAttribute('type');
      const tag = await first.evaluate((e) => e.tagName).catch(() => 'INPUT');
      if (type === 'radio') await (value === null ? first : page.locator(`[name="a.${name}"][value="${value}"]`)).check({ force: true });
      else if (type === 'checkbox') await page.locator(`[type=checkbox][name="a.${name}"]`).check({ force: true });
      else if (tag === 'SELECT') await (value === null ? first.selectOption({ index: 1 }) : first.selectOption(value));
      else await first.fill(value);
    }
  }
}

const next = (page) => page.click('main form .govuk-button-group button:first-child');
const where = (page) => new URL(page.url()).pathname;

// Goes on from page to page until the task list; stops before `until`.
async function fill(page, all, until) {
  for (let i = 0; i < 60 && /\/page\//.test(where(page)); i++) {
    if (until && where(page).endsWith(until)) return;
    const at = where(page);
    await answer(page, all);
    await next(page);
    if (where(page) === at) throw new Error(`stuck on ${at}: ${await page.locator('.govuk-error-summary').innerText().catch(() => '?')}`);
  }
}

const node = await node_start({ undo: 0 }); // what officers do is told at once
const browser = await browser_start();
let failed = false;
try {
  const page = await page_new(browser, node.url);
  await step('birth registration is found within 3 clicks, its fee before starting', async () => {
    await page.goto('/');
    await page_check(page, 'home');
    await shot(page, 'home');
    await page.click('a[href="/service/birth-registration"]');
    await page_check(page, 'service');
    check((await page.locator('main').innerText()).includes('Miễn lệ phí'), 'the fee stands on the service page');
    await shot(page, 'service');
    await page.click('a.govuk-button--start');
  });
  await step('search finds it without marks', async () => {
    const other = await page.context().newPage();
    await other.goto('/services');
    await other.fill('#q', 'giay khai sinh');
    await other.click('form[role=search] button');
    check(await other.locator('a[href="/service/birth-registration"]').count() === 1, 'giay khai sinh');
    await shot(other, 'search');
    await other.close();
  });
  await step('nobody signed in is asked to sign in, may register, and comes back', async () => {
    check(where(page) === '/login', 'sign-in page');
    await page_check(page, 'login');
    await shot(page, 'login');
    await page.fill('#login', '083190123456');
    await page.fill('#password', 'wrong-password');
    await page.click('main form button');
    check(await page.locator('#login-error').count() === 1, 'a wrong password is refused in words');
    await page.click('a[href^="/register"]');
    await page.fill('#number', '12345');
    await page.fill('#name', me.name);
    await page.click('main form button');
    check(await page.locator('.govuk-error-summary li').count() >= 3, 'registration tells every error at once');
    check(await page.inputValue('#name') === me.name, 'what was typed stays');
    await page_check(page, 'register');
    await shot(page, 'register-errors');
    for (const k of ['number', 'day', 'month', 'year', 'password']) await page.fill('#' + k, me[k]);
    await page.fill('#again', me.password);
    await page.click('main form button');
    await page.fill('#login', me.number);
    await page.fill('#password', me.password);
    await page.click('main form button');
    check(where(page) === '/service/birth-registration/start', 'back where one was');
  });
  await step('the agency is chosen by area', async () => {
    await page_check(page, 'start');
    await shot(page, 'start');
    await page.selectOption('#area', unit.area);
    await page.click('form[method=get]:has(#area) button');
    await page_check(page, 'start: communes');
    await shot(page, 'start-commune');
    await page.check(`input[name=unit][value="${unit.code}"]`, { force: true });
    await page.click('form[method=post] button:has-text("Bắt đầu")');
    check(/^\/draft\//.test(where(page)), 'a draft was made');
    await page_check(page, 'task list');
    await shot(page, 'draft');
  });
  const draft = where(page);
  await step('an empty answer is refused in words, and what was typed is kept', async () => {
    await page.click('.govuk-task-list__link >> nth=0');
    await next(page);
    check(await page.locator('.govuk-error-summary').count() === 1, 'error summary');
    await page_check(page, 'question with an error');
    await shot(page, 'question-error');
    await fill(page, answers, '/page/child-name');
    await page.fill('[name="a.child_name"]', 'X9');
    await next(page);
    check(await page.inputValue('[name="a.child_name"]') === 'X9', 'the wrong name is still there');
    await shot(page, 'question');
  });
  await step('one leaves and comes back to the draft', async () => {
    await page.goto('/me');
    await page_check(page, 'me');
    await shot(page, 'me-draft');
    await page.click(`a[href="${draft}"]`);
    check((await page.locator('main').innerText()).includes('Người yêu cầu'), 'the task list is there');
    await page.click('.govuk-task-list__link >> nth=1');
    await fill(page, answers);
    if (/^\/draft\/[^/]+$/.test(where(page))) await shot(page, 'draft-done');
    check(where(page) === draft, 'all questions lead back to the task list');
  });
  await step('papers: a text file is refused, a photo taken', async () => {
    await page.click('a[href$="/papers"]');
    await page_check(page, 'papers');
    await page.setInputFiles('#file-birth_certificate', { name: 'ghi-chu.txt', mimeType: 'text/plain', buffer: Buffer.from('hello hello hello') });
    await page.click('#paper-birth_certificate form:has(input[type=file]) button');
    check(await page.locator('#paper-birth_certificate .govuk-error-message').count() === 1, 'neither a photo nor a PDF');
    await page.setInputFiles('#file-birth_certificate', [
      { name: 'Giấy chứng sinh 1.png', mimeType: 'image/png', buffer: png() },
      { name: 'mặt sau.png', mimeType: 'image/png', buffer: Buffer.concat([png(), Buffer.from('x')]) },
    ]);
    await page.click('#paper-birth_certificate form:has(input[type=file]) button');
    check(await page.locator('#paper-birth_certificate .mc-files li').count() === 2, 'two photos are there');
    await page.click('#paper-birth_certificate .mc-files li:nth-child(2) button');
    check(await page.locator('#paper-birth_certificate .mc-files li').count() === 1, 'one was removed');
    await page_check(page, 'papers with a file');
    await shot(page, 'papers');
  });
  let code;
  await step('answers are checked, one is changed, and the dossier is filed once', async () => {
    await page.goto(draft + '/check');
    await page_check(page, 'check');
    await shot(page, 'check');
    check((await page.locator('main').innerText()).includes('Trần Văn Mẫu'), 'the name with its capitals');
    await page.click('a[href$="/change/copies"]');
    await page.fill('[name="a.copies"]', '3');
    await next(page);
    check(where(page) === draft + '/check', 'back at the check');
    const csrf = await page.inputValue('form[action$="/submit"] input[name=csrf]');
    const twice = await Promise.all([1, 2].map(() => page.request.post(draft + '/submit', { form: { csrf }, maxRedirects: 0 })));
    const to = twice.map((r) => r.headers().location);
    check(twice.every((r) => r.status() === 303) && to[0] === to[1], `two presses, one dossier (${to})`);
    await page.goto(to[0]);
    code = to[0].split('/').pop();
    await page_check(page, 'done');
    await shot(page, 'done');
    await page.goto('/me');
    check(await page.locator('a[href^="/dossier/"].mc-row__title').count() >= 1, 'it stands in my dossiers');
  });
  await step('the receipt verifies offline, and not when a bit is flipped', async () => {
    await page.goto(draft + '/check');
    check(where(page) === '/done/' + code, 'going back after filing leads to what was filed');
    await page.goto('/done/' + code);
    const href = await page.getAttribute('a[href*="/receipt/"]', 'href');
    const proof = await (await page.request.get(href)).body();
    const vkey = (await (await page.request.get('/ledger/vkey')).text()).trim();
    const file = join(node.data, 'story.tlog-proof');
    const verify = (bytes) => {
      writeFileSync(file, bytes);
      try { return execFileSync(motcua, ['receipt', 'verify', file, '--vkey', vkey], { stdio: 'pipe' }).toString() || 'ok'; } catch (e) { return (process.env.DEBUG && console.log(e.stderr.toString())), null; }
    };
    check(verify(proof) !== null, 'the proof holds');
    const bad = Buffer.from(proof);
    bad[bad.indexOf('\n', 20) + 5] ^= 1;
    check(verify(bad) === null, 'a flipped bit fails');
    await page.goto('/ledger');
    await page_check(page, 'ledger');
    await shot(page, 'ledger');
  });
  await step('without signing in only the progress is told', async () => {
    const other = await page_new(browser, node.url);
    await other.goto('/');
    await other.fill('#code', code);
    await other.click('form[action="/lookup"] button');
    const text = await other.locator('main').innerText();
    check(text.includes('Mới đăng ký') && !text.includes('Mẫu'), 'status only');
    await page_check(other, 'lookup');
    await shot(other, 'lookup');
    const r = await other.request.get('/dossier/' + code, { maxRedirects: 0 });
    check(r.status() === 303 && r.headers().location.startsWith('/login'), 'the dossier itself is not shown');
    await other.goto('/lookup?code=T-NOSUCHCODE');
    check(await other.locator('.govuk-error-summary').count() === 1, 'an unknown code is told');
    await other.context().close();
  });
  const reception = await officer(node.url, 'reception.' + unit.code.toLowerCase());
  const specialist = await officer(node.url, 'specialist.' + unit.code.toLowerCase());
  const leader = await officer(node.url, 'leader.' + unit.code.toLowerCase());
  await step('reception asks for a supplement; the citizen sees what and sends it', async () => {
    await reception.open(code);
    await reception.act(code, 'supplement', { reason: 'Ảnh giấy chứng sinh bị mờ', items: ['Ảnh rõ của Giấy chứng sinh', 'Ghi lại nơi sinh'] });
    await page.goto('/me');
    check(await page.locator('.govuk-tag--orange').count() === 1, 'my turn');
    await shot(page, 'me-turn');
    await page.goto('/dossier/' + code);
    check((await page.locator('main').innerText()).includes('Ảnh rõ của Giấy chứng sinh'), 'what is missing is listed');
    await page_check(page, 'dossier');
    await shot(page, 'dossier-supplement');
    await page.click('a[href$="/act/resubmit"]');
    await page_check(page, 'supplement');
    await shot(page, 'supplement');
    await page.setInputFiles('#file-birth_certificate', { name: 'ro.png', mimeType: 'image/png', buffer: Buffer.concat([png(), Buffer.from('y')]) });
    await page.click('details:has([name="a.birth_place"]) summary');
    await page.fill('[name="a.birth_place"]', 'Phường Phú Khương, thành phố Bến Tre');
    await page.click('main form .govuk-button-group button');
    check(await page.locator('.govuk-notification-banner--success').count() === 1, 'it was sent');
    check(!(await page.locator('main').innerText()).includes('Việc ông/bà có thể làm\nÔng/bà cần'), 'no longer my turn');
  });
  await step('it is examined, signed and handed over; every step shows', async () => {
    await specialist.act(code, 'approve', { comment: 'Đủ điều kiện' });
    await leader.act(code, 'sign');
    await page.goto('/dossier/' + code);
    const text = await page.locator('main').innerText();
    check(/H07\.21\.01-\d{6}-\d{4}/.test(text), 'the official code');
    check(text.includes('Giấy khai sinh đã sẵn sàng'), 'ready');
    check(text.includes('Phường Phú Khương') || (await page.locator('.mc-answers').textContent()).includes('Phường Phú Khương'), 'the changed answer is in force');
    check(!text.includes('Đủ điều kiện'), 'an internal comment is not shown');
    await shot(page, 'dossier-ready');
    await page.check('#score-3', { force: true });
    await page.fill('#words', 'Nhanh gọn, cảm ơn.');
    await page.click('#rate button');
    check(await page.locator('.govuk-notification-banner--success').count() === 1, 'rated');
    await reception.act(code, 'hand_over');
  });
  await step('who looked at my data is told', async () => {
    await page.goto('/me/reads');
    check(await page.locator('.mc-row').count() >= 1, 'at least one look');
    await page_check(page, 'reads');
    await shot(page, 'reads');
  });
  await step('a petition is filed without an account and answered in public', async () => {
    const other = await page_new(browser, node.url);
    await other.goto('/service/petition');
    await other.click('a.govuk-button--start');
    await other.fill('#q', 'phu khuong');
    await other.click('form.mc-search button');
    await other.check(`input[name=unit][value="${unit.code}"]`, { force: true });
    await other.click('form[method=post] button:has-text("Bắt đầu")');
    await other.click('.govuk-task-list__link >> nth=0');
    await fill(other, petition);
    await other.goto(where(other) + '/check');
    await shot(other, 'petition-check');
    await other.click('form[action$="/submit"] button');
    check(/^\/done\//.test(where(other)), `filed (${where(other)})`);
    await shot(other, 'petition-done');
    const track = where(other).split('/').pop();
    await reception.act(track, 'accept');
    await specialist.act(track, 'answer', { answer: 'Đơn vị đã san lấp mặt đường ngày hôm nay.' });
    await leader.act(track, 'sign_publish').catch(() => leader.act(track, 'sign'));
    await other.goto('/dossier/' + track);
    await shot(other, 'petition-answered');
    await other.click('a[href$="/act/reopen"]');
    await other.click('main form .govuk-button-group button');
    check(await other.locator('.govuk-error-summary').count() === 1, 'reopening needs a reason');
    await shot(other, 'act-error');
    await other.goto(`/dossier/${track}/act/confirm`);
    await other.check('#rating-2', { force: true });
    await other.click('main form .govuk-button-group button');
    check((await other.locator('main').innerText()).includes('Đã giải quyết xong'), 'confirmed');
    await other.goto('/answers');
    check((await other.locator('main').innerText()).includes('san lấp'), 'published');
    await shot(other, 'answers');
    await other.click('.mc-row__title >> nth=0');
    await page_check(other, 'answer');
    await other.context().close();
  });
  await step('repeating items are added and removed, and keep what was typed', async () => {
    await page.goto(`/service/household-business/start?area=${unit.area}`);
    await page.check(`input[name=unit][value="${unit.code}"]`, { force: true });
    await page.click('form[method=post] button:has-text("Bắt đầu")');
    const mine = where(page);
    await page.goto(mine + '/page/lines');
    await page.fill('[name="a.lines.0.name"]', 'Bán lẻ hàng tạp hóa');
    await page.fill('[name="a.lines.0.code"]', '47');
    await page.click('button[name=add][value=lines]');
    check(await page.inputValue('[name="a.lines.0.name"]') === 'Bán lẻ hàng tạp hóa', 'the first line is kept');
    await page.fill('[name="a.lines.1.name"]', 'Dịch vụ ăn uống');
    await page.fill('[name="a.lines.1.code"]', '5610');
    await next(page);
    check(await page.locator('.govuk-error-summary').count() === 1, 'a wrong code is told');
    await page_check(page, 'items with an error');
    await shot(page, 'items');
    await page.click('button[name=remove][value="lines.0"]');
    check(await page.inputValue('[name="a.lines.0.name"]') === 'Dịch vụ ăn uống', 'the second line moved up');
    await page.click('[name="a.lines.0.main"][type=checkbox]', { force: true });
    await next(page);
    check(!where(page).endsWith('/lines'), 'on to the next question');
    await page.goto(mine + '/check');
    check((await page.locator('main').innerText()).includes('100.000 đồng'), 'the fee is shown before filing');
    await page.click('form[action$="/submit"] button');
    check(await page.locator('.govuk-error-summary li').count() > 3, 'an unfinished dossier is not filed; every gap is told');
    await page_check(page, 'check with errors');
    await shot(page, 'check-errors');
    await page.click('.govuk-error-summary a >> nth=0');
    check(/\/change\//.test(where(page)), 'an error leads to its question');
    await size_check(page, mine + '/check');
    await page.goto(mine);
    await page.click('details summary');
    await page.click('form[action$="/delete"] button');
    check((await page.request.get(mine)).status() === 404, 'a deleted draft is gone');
  });
  await step('an officer uses the desk, not the citizen\'s page; a stranger finds nothing', async () => {
    const other = await page_new(browser, node.url);
    await sign_in(other, 'specialist.h07.21.02');
    check((await other.request.get('/dossier/' + code)).status() === 403, 'officer of another unit');
    await other.context().clearCookies();
    await sign_in(other, '083195000000');
    check(where(other) === '/me', 'signed in');
    check((await other.request.get('/dossier/' + code)).status() === 404, 'another citizen');
    check((await other.request.get('/done/' + code)).status() === 404, 'nor the confirmation');
    check((await other.request.get(draft)).status() === 404, 'nor the draft');
    await other.goto('/login?to=//elsewhere.example/');
    check(new URL(other.url()).origin === node.url, 'no redirect elsewhere');
    await other.context().close();
  });
  await step('everything is in English, too, and light', async () => {
    for (const p of ['/', '/services', '/service/household-business', '/help', '/ledger', '/lookup', '/answers', '/login', '/register', '/me', '/me/reads'])
      await size_check(page, p);
    await size_check(page, '/dossier/' + code);
    await page.goto('/help?lang=en');
    check((await page.locator('h1').innerText()) === 'Help', 'English');
    await page_check(page, 'help');
    await shot(page, 'help-en');
    await page.goto('/dossier/' + code);
    await shot(page, 'dossier-en');
    await page.goto('/?lang=vi');
    await page.click('form[action="/logout"] button');
    check(await page.locator('a[href="/login"]').count() >= 1, 'signed out');
  });
} catch (e) {
  failed = true;
  if (process.env.DEBUG) console.log(e.stack, node.log().split('\n').slice(-8).join('\n'));
}
await browser.close();
await node.stop();
process.exit(finish() || failed ? 1 : 0);
