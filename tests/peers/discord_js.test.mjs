// SPDX-License-Identifier: BSD-3-Clause
// discord.js and @discordjs/ws, as npm has them, use the local Discord as if it were Discord.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REST } from '@discordjs/rest';
import { CompressionMethod, WebSocketManager, WebSocketShardEvents } from '@discordjs/ws';
import { Client, Events, GatewayIntentBits } from 'discord.js';
import { startLocalDiscord, token, until } from './local_discord.mjs';

const guilds = 6;
const intents = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent];

test('discord.js logs in, gets its guilds, answers messages and resumes', { timeout: 60_000 }, async (t) => {
  const discord = await startLocalDiscord(t, '--guilds', `${guilds}`, '--events-per-second', '60', '--ping-share', '0.5',
    '--max-concurrency', '16');
  const client = new Client({ intents, shards: [0, 1], shardCount: 2, rest: { api: discord.api } });
  const seen = { messages: 0, pongs: 0, resumes: 0 };
  client.on(Events.MessageCreate, async (message) => {
    ++seen.messages;
    if (message.author.id === client.user.id)
      ++seen.pongs;
    else if (message.content === '!ping' && seen.pongs === 0)
      await message.channel.send('pong');
  });
  client.on(Events.ShardResume, () => ++seen.resumes);

  await client.login(token);
  await until('all guilds', () => client.guilds.cache.size === guilds && client.isReady());
  assert.ok(client.guilds.cache.every((guild) => guild.available && guild.channels.cache.size > 0));
  await until('messages and an own answer', () => seen.messages > 20 && seen.pongs > 0);

  await discord.fault('reconnect shard=0');
  await discord.fault('close code=4000 shard=1');
  await until('two resumes', () => seen.resumes >= 2);
  const before = seen.messages;
  await until('messages after the resumes', () => seen.messages > before + 20);
  const { counters } = await discord.summary();
  assert.equal(counters.identifies, 2);
  assert.equal(counters.resumes, 2);

  await client.destroy();
  await discord.close();
});

// Without the native addon `zlib-sync`, which npm does not install by itself, the second falls back to single compressed
// payloads.
for (const [name, compression] of [['without compression', null], ['with compression', CompressionMethod.ZlibStream]]) {
  test(`@discordjs/ws ${name} misses no event over a resume`, { timeout: 60_000 }, async (t) => {
    const discord = await startLocalDiscord(t, '--guilds', `${guilds}`, '--events-per-second', '200');
    const manager = new WebSocketManager({
      token,
      compression,
      intents: intents.reduce((all, one) => all | one, 0),
      rest: new REST({ api: discord.api, version: '10' }).setToken(token),
      shardCount: 1,
    });
    const sequences = [];
    const created = new Set();
    let resumed = 0;
    manager.on(WebSocketShardEvents.Dispatch, ({ data }) => {
      sequences.push(data.s);
      if (data.t === 'GUILD_CREATE')
        created.add(data.d.id);
    });
    manager.on(WebSocketShardEvents.Resumed, () => ++resumed);

    await manager.connect();
    await until('all guilds', () => created.size === guilds);
    await discord.fault('drop shard=0');
    await until('a resume', () => resumed === 1);
    const before = sequences.length;
    await until('events after the resume', () => sequences.length > before + 200);
    // It unpacks single payloads beside each other, and may swap two of them.
    sequences.sort((a, b) => a - b);
    assert.deepEqual(sequences, sequences.map((_, index) => index + 1));

    await manager.destroy();
    await discord.close();
  });
}
