import type { Wording } from './wording.ts';

export const spanish: Wording = {
  language: 'es',
  greeting: 'Hola, {{ party.name }}:',
  table: {
    invoice: 'Factura',
    issued: 'Fecha',
    due: 'Vencimiento',
    age: 'Estado',
    open: 'Pendiente',
    credit: 'Abono',
    unapplied: 'Pago recibido, aún sin asignar',
    overdueTotal: 'Vencido',
    total: 'Total pendiente',
    notDue: 'aún no vencida',
    daysLate: 'días de retraso',
  },
  howToPay: 'Cómo pagar',
  questions:
    '¿Hay algo que no es correcto? Responda a este mensaje{% if client.contactPhone %} o llame al {{ client.contactPhone }}{% endif %}.',
  about: 'Recibe este mensaje por una cuenta abierta con {{ client.name }} (cuenta {{ accounts }}).',
  unsubscribe: 'Dejar de recibir correos sobre esta cuenta',
  signOff: 'Un cordial saludo,',
  consumerSubject: '{{ client.name }}: sobre su cuenta {{ accounts }}',
  levels: [
    {
      label: 'Próximo vencimiento',
      subject: '{{ client.name }}: {{ summary }} vence pronto',
      body: `Una breve nota de cortesía: las facturas indicadas abajo vencerán en breve. Si su pago ya está programado, no tiene que hacer nada.

Si algo no está claro, díganoslo ahora y lo resolveremos antes del vencimiento.`,
    },
    {
      label: 'Recordatorio',
      subject: '{{ client.name }}: recordatorio de {{ summary }}',
      body: `Parece que ha pasado la fecha de vencimiento de las facturas indicadas abajo. Puede ocurrir fácilmente; le agradeceríamos que dispusiera el pago en los próximos días.

Si ya ha pagado, gracias: no tenga en cuenta este mensaje.`,
    },
    {
      label: 'Segundo recordatorio',
      subject: '{{ client.name }}: segundo recordatorio de {{ summary }}',
      body: `Le escribimos sobre las facturas indicadas abajo y aún no hemos visto ningún pago. Le rogamos que pague en un plazo de siete días o que nos diga cuándo podemos esperarlo.

Si hay un motivo para retener una factura, responda a este mensaje para que lo revisemos.`,
    },
    {
      label: 'Tercer recordatorio',
      subject: '{{ client.name }}: tercer recordatorio de {{ summary }}',
      body: `A pesar de nuestros mensajes anteriores, las facturas indicadas abajo siguen abiertas. Le rogamos que pague el importe vencido en un plazo de siete días.

Si no puede pagarlo de una vez, hable con nosotros: una fecha o un plan acordado es mejor que el silencio.`,
    },
    {
      label: 'Requerimiento de pago',
      subject: '{{ client.name }}: requerimiento de pago de {{ summary }}',
      body: `Las facturas indicadas abajo llevan {{ oldestDays }} días vencidas y nuestros recordatorios no han tenido respuesta. Le pedimos que pague el importe vencido por completo en un plazo de siete días.

Si no está de acuerdo con alguna parte, díganos con qué factura y por qué. Si necesita tiempo, llámenos hoy para acordarlo.`,
    },
    {
      label: 'Último aviso',
      subject: '{{ client.name }}: último aviso de {{ summary }}',
      body: `Este es nuestro último aviso antes de revisar cómo seguir con su cuenta. El importe vencido debe llegarnos en un plazo de siete días.

Preferimos resolverlo con usted. Si hay un desacuerdo o necesita un acuerdo, póngase en contacto con nosotros antes.`,
    },
  ],
};
