import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Input, Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { say } from '../../kit/toast.tsx';

type Collector = Output<'getCollector'>['collector'];
type Body = NonNullable<Input<'saveCollector'>['body']>;

/** Who the tenant is on its notices. */
export function CollectorSection() {
  const read = useRead('getCollector', {});
  if (read.isPending) return <SkeletonLines rows={6} height={18} />;
  if (read.error !== null) return <Problem error={read.error} retry={() => void read.refetch()} />;
  return <CollectorForm collector={read.data.collector} />;
}

const orNull = (value: string) => (value.trim() === '' ? null : value.trim());
const linesOf = (value: string) =>
  value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function CollectorForm({ collector }: { readonly collector: Collector }) {
  const save = useWrite('saveCollector');
  const [name, setName] = useState(collector?.name ?? '');
  const [address, setAddress] = useState(collector?.addressLines.join('\n') ?? '');
  const [phone, setPhone] = useState(collector?.phone ?? '');
  const [hours, setHours] = useState(collector?.phoneHours ?? '');
  const [website, setWebsite] = useState(collector?.website ?? '');
  const [spanish, setSpanish] = useState(collector?.offersSpanish ?? false);
  const [online, setOnline] = useState(collector?.offersOnlineReplies ?? true);
  const body: Body = {
    name: name.trim(),
    addressLines: linesOf(address),
    phone: orNull(phone),
    phoneHours: orNull(hours),
    website: orNull(website),
    email: collector?.email ?? null,
    offersSpanish: spanish,
    offersOnlineReplies: online,
    disclosures: collector?.disclosures ?? [],
  };
  return (
    <form
      className="stack"
      style={{ maxWidth: 520 }}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ body }, { onSuccess: () => say('Saved. Notices prepared from now on say so.') });
      }}
    >
      <TextInput
        label="Name, as used in collection"
        value={name}
        onChange={(e) => setName(e.currentTarget.value)}
        required
      />
      <Textarea
        label="Mailing address"
        description="Where disputes and requests for the original creditor are accepted; one line each"
        autosize
        minRows={3}
        value={address}
        onChange={(e) => setAddress(e.currentTarget.value)}
        required
      />
      <TextInput label="Telephone" value={phone} onChange={(e) => setPhone(e.currentTarget.value)} />
      <TextInput
        label="When it is answered"
        placeholder="8am to 8pm ET, Monday to Saturday"
        value={hours}
        onChange={(e) => setHours(e.currentTarget.value)}
      />
      <TextInput label="Website" value={website} onChange={(e) => setWebsite(e.currentTarget.value)} />
      <Checkbox
        label="Offer a Spanish copy"
        description="If offered and asked for, a Spanish notice must be sent"
        checked={spanish}
        onChange={(e) => setSpanish(e.currentTarget.checked)}
      />
      <Checkbox
        label="Take replies online"
        description="Letters carry a code and an address that lead to the reply form"
        checked={online}
        onChange={(e) => setOnline(e.currentTarget.checked)}
      />
      {save.error !== null && <Problem error={save.error} />}
      <div>
        <Button type="submit" loading={save.isPending} disabled={body.name === '' || body.addressLines.length === 0}>
          Save
        </Button>
      </div>
    </form>
  );
}
