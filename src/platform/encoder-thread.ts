/** The encoder's thread: reads the columns of the main thread, writes states and vectors, answers whoever waits for one. */
import { MessageChannel, parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { openCatalog } from '../catalog/catalog.ts';
import { systemClock } from '../core/clock.ts';
import { openJourney } from '../journey/journey.ts';
import { createTaste } from '../journey/taste.ts';
import { attachSpace } from '../memory/space.ts';
import { openContent } from '../models/sequences/content.ts';
import { faultOf, type Answer } from './calls.ts';
import { answerAsks, openReader, openVersion, type EncoderData, type FromEncoder, type TasteAccess, type ToEncoder } from './encoder-host.ts';
import { createEncoder, type Encoder } from './encoder.ts';
import { loadPlugins } from './plugins.ts';
import { createReadings } from './readings.ts';

const start = async (port: MessagePort, { data, space: handle, plugins }: EncoderData): Promise<void> => {
  // Plug-ins' actions are read, or left out, by their rows of the registry.
  await loadPlugins(plugins);
  const space = attachSpace(handle);
  const catalog = openCatalog(space);
  const taste = createTaste();
  const source = { space, catalog, journey: openJourney(space, catalog), content: openContent(space, catalog) };
  const readings = createReadings({ source, taste, clock: systemClock, open: (version) => openReader(data, version) });
  const encoder: Encoder = createEncoder({ source, taste, clock: systemClock }, (error) => {
    port.postMessage({ type: 'fault', fault: faultOf(error) } satisfies FromEncoder);
  });
  const share = (): TasteAccess => {
    const { port1, port2 } = new MessageChannel();
    answerAsks(port1, encoder);
    return { space: taste.space.share(), port: port2 };
  };
  const work = async (message: Exclude<ToEncoder, { type: 'touched' | 'share' }>): Promise<unknown> => {
    switch (message.type) {
      case 'ask': return encoder.ask(message.member);
      case 'serve': return encoder.serve(() => openVersion(data, message.version));
      case 'reading': return readings.read(message.member);
      case 'forget': return encoder.forget();
      case 'close':
        await readings.close();
        return encoder.close();
      default: return message satisfies never;
    }
  };
  port.on('message', (message: ToEncoder) => {
    if (message.type === 'touched') { encoder.touched(message.changes); return; }
    const { id } = message;
    if (message.type === 'share') {
      const value = share();
      port.postMessage({ type: 'answer', id, value } satisfies Answer, [value.port, value.space.port]);
      return;
    }
    work(message).then((value) => { port.postMessage({ type: 'answer', id, value } satisfies Answer); }, (error: unknown) => { port.postMessage({ type: 'answer', id, fault: faultOf(error) } satisfies Answer); });
  });
  const own = taste.space.share();
  port.postMessage({ type: 'ready', space: own } satisfies FromEncoder, [own.port]);
};

if (parentPort !== null) await start(parentPort, workerData as EncoderData);
