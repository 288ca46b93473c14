// long_silence.mjs - nobody answers and days pass: what silence of an asked office means (agreed, refused, asked again of its
// leader), and what is told of a delay: reminders, the superior, a drafted apology, late for ever. Times pass by libfaketime.
// Run: node tests/browser/long_silence.mjs [SHOTS=dir]
import { join } from 'node:path';
import { node_start, browser_start, page_new, shot, check, step, finish, page_check, sign_in, top } from './lib.mjs';

const at = 'h07.21.01', wide = { width: 1440, height: 900 }, narrow = { width: 375, height: 740 };
const text = (page, where = 'main') => page.locator(where).innerText();
const node = await node_start({ undo: 0 });
const browser = await browser_start();

async function signed_in(login, size = wide) {
  const page = await page_new(browser, node.url, size);
  await sign_in(page, login);
  return page;
}

/** Signs in, does it, signs out: sessions do not outlive the days. */
async function as(login, fn, size) {
  const page = await signed_in(login, size);
  const got = await fn(page);
  await page.context().close();
  return got;
}

async function looked_at(page, name) {
  for (const [size, tag] of [[narrow, '375'], [wide, '1440']]) {
    await page.setViewportSize(size);
    await page_check(page, `${name} at ${tag}`);
    await shot(page, `${name}-${tag}`);
  }
}

async function act(page, id) {
  const box = page.locator(`#act-${id}`);
  if ((await box.getAttribute('open')) === null) await box.locator('summary').click();
  await box.locator('button').last().click();
}

/** Days later, once the housekeeper has done what was due meanwhile: until `done(page)`, or half a minute. */
async function days_later(n, login, path, done) {
  await node.days_later(n);
  await as(login, async (page) => {
    for (let i = 0; i < 60; i++) {
      await page.goto(path);
      if (await done(page)) return;
      await new Promise((ok) => setTimeout(ok, 500));
    }
  });
}

const has_acts = async (page) => (await page.locator('#act-propose, #act-refuse').count()) > 0;

/** Filed by a citizen at the commune; its code after reception. */
async function filed(service, value, place) {
  const path = await as('083195000000', async (page) => {
    await page.goto(`/service/${service}/start?area=H07.21`);
    await page.check('input[name=unit][value="H07.21.01"]', { force: true });
    await page.click('form[method=post] button:has-text("Bắt đầu")');
    const draft = new URL(page.url()).pathname;
    await page.click('.govuk-task-list__link >> nth=0');
    await page.check(`input[value=${value}]`, { force: true });
    await page.click('main form .govuk-button-group button:first-child');
    if (place) {
      await page.fill('[name="a.place"]', place);
      await page.click('main form .govuk-button-group button:first-child');
    }
    await page.goto(`${draft}/check`);
    await page.click('form[action$="/submit"] button');
    await page.goto('/me');
    return page.locator('.mc-row__title[href^="/dossier/"]').first().getAttribute('href');
  }, narrow);
  return as(`reception.${at}`, async (page) => {
    await page.goto(`/desk/dossier/${path.split('/').pop()}`);
    await act(page, 'accept');
    return (await text(page)).match(/H07\.21\.01-\d{6}-\d{4}/)[0];
  });
}

try {
  await node.offline(async (run) => {
    run('pack', 'publish', join(top, 'tests/packs/joint'));
    run('pack', 'publish', join(top, 'tests/packs/late'));
  });
  let joint = '', slow = '';

  await step('three offices are asked, and answer nothing', async () => {
    joint = await filed('joint-permit', 'large');
    slow = await filed('small-permit', 'small', 'ấp Mẫu');
    await as(`specialist.${at}`, async (page) => {
      await page.goto(`/desk/dossier/${joint}`);
      await act(page, 'ask');
      await page.goto(`/desk/dossier/${joint}`);
      check(await page.locator('#branches tbody tr').count() === 3, 'three offices');
    });
  });

  await step('after their time: silence is agreement, refusal, or goes to the leader who was named', async () => {
    await days_later(10, `specialist.${at}`, `/desk/dossier/${slow}`, async (page) => /Đã dùng 100 %/.test(await text(page)));
    await as(`specialist.${at}`, async (page) => {
      await page.goto(`/desk/dossier/${joint}`);
      const rows = await page.locator('#branches tbody tr').allInnerTexts();
      const of = (name) => rows.find((r) => r.includes(name)) ?? '';
      console.log(rows.map((r) => r.replace(/\s+/g, ' ')).join('\n'));
      check(/đồng ý/i.test(of('Phòng cháy')), 'fire: taken as agreed');
      check(/từ chối|không đồng ý/i.test(of('Đất đai')), 'land: taken as refused');
      check(/lãnh đạo/i.test(of('Môi trường')), 'environment: its leader was asked');
      check(!/trễ hạn/.test(of('Môi trường')) && /trễ hạn/.test(of('Phòng cháy')), 'the leader still has time; the silent office had none left');
      const history = (await page.locator('.mc-timeline li').allInnerTexts()).map((r) => r.replace(/\s+/g, ' '));
      const asked = history.find((r) => /^Lấy ý kiến/.test(r)) ?? '', passed = history.find((r) => /đã chuyển lãnh đạo/.test(r)) ?? '';
      const [, first] = asked.match(/Môi trường, trả lời trong ngày (\S+)/) ?? [];
      const [, was, until] = passed.match(/về Môi trường trong hạn (\S+); đã chuyển lãnh đạo Sở Tài nguyên và Môi trường trả lời trong ngày (\S+)/) ?? [];
      check(first && first === was && until !== was, `what was asked first stays told: ${first}, then ${until}`);
      check(of('Môi trường').includes(until), 'and until when now');
      await looked_at(page, 'silence-desk');
    });
    await as('083195000000', async (page) => {
      await page.goto(`/dossier/${joint}`);
      check(/không trả lời|quá hạn|hết hạn/i.test(await text(page)), 'the citizen reads that nobody answered in time');
      await looked_at(page, 'silence-citizen');
    }, narrow);
    await as('leader.h07.10', async (page) => {
      await page.goto('/desk/list?box=asked');
      check((await text(page)).includes(joint), 'it stands in the leader\'s own list');
      await looked_at(page, 'silence-leader');
    });
  });

  await step('a delay is told: reminder, named superior, drafted apology, late for ever', async () => {
    await as(`specialist.${at}`, async (page) => {
      await page.goto(`/desk/dossier/${slow}`);
      const words = await text(page);
      check(/Đã dùng 100 %/.test(words) && /đã nhắc người xử lý và lãnh đạo/.test(words), 'holder and leader were warned');
      check(/lãnh đạo cấp trên|báo lãnh đạo/i.test(words), 'the superior was told');
      check(await page.locator('a[href$="/apology"]').count() > 0, 'the apology lies there');
      await looked_at(page, 'late-desk');
      const text_of = await (await page.request.get(`/desk/dossier/${slow}/apology`)).text();
      check(/name="reason"/.test(text_of) && /name="day"/.test(text_of), 'with a reason and a new date');
    });
    await as(`leader.${at}`, async (page) => {
      await page.goto('/desk');
      check((await text(page)).length > 100, 'the leader\'s morning');
      await looked_at(page, 'late-leader');
    });
    await as(`specialist.${at}`, async (page) => {
      await page.goto(`/desk/dossier/${slow}`);
      await act(page, 'approve');
    });
    await as(`reception.${at}`, async (page) => {
      await page.goto(`/desk/dossier/${slow}`);
      await act(page, 'hand_over');
    });
    await as('083195000000', async (page) => {
      await page.goto(`/dossier/${slow}`);
      check(/trễ|quá hạn/i.test(await text(page)), 'handed over, it is still late');
      await looked_at(page, 'late-citizen');
    }, narrow);
  });

  await step('nobody answers the leader\'s question either: the dossier goes on without', async () => {
    await days_later(15, `specialist.${at}`, `/desk/dossier/${joint}`, has_acts);
    await as(`specialist.${at}`, async (page) => {
      await page.goto(`/desk/dossier/${joint}`);
      const env = (await page.locator('#branches tbody tr').allInnerTexts()).find((r) => r.includes('Môi trường')) ?? '';
      check(/không trả lời/i.test(env), env.replace(/\s+/g, ' '));
      check(await has_acts(page), 'the opinions are being put together');
      await shot(page, 'silent-1440');
    });
  });
} catch (e) {
  console.error(e.message);
  console.error(node.log().split('\n').filter((l) => !/status=(200|303)/.test(l)).slice(-8).join('\n'));
} finally {
  await browser.close();
  await node.stop();
}
process.exit(finish());
